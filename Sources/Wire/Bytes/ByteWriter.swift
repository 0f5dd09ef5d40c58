// SPDX-License-Identifier: Apache-2.0
public import Glibc

/// Bytes being written: grows by doubling, never shrinks, reserves before each append.
///
/// It owns its memory and cannot be copied; `clear()` keeps the capacity, so a writer that is reused allocates nothing.
/// Lengths that are known only afterwards are patched (`lengthPrefixed`), not counted before.
@frozen
@safe
public struct ByteWriter: ~Copyable {
  @usableFromInline var base: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int
  /// Bytes written.
  @inlinable public var count: Int { length }
  @usableFromInline var length: Int

  @inlinable
  public init(capacity: Int = 256) {
    unsafe self.base = UnsafeMutableRawPointer.allocate(byteCount: max(capacity, 64), alignment: 16)
    self.capacity = max(capacity, 64)
    self.length = 0
  }

  deinit { unsafe base.deallocate() }

  /// Everything written so far, borrowed.
  @inlinable
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    get {
      let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The bytes from `start` on, for callers that hold the writer in a class and cannot keep a span of it.
  @inlinable
  public func withBytes<R, E: Error>(from start: Int = 0, _ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    try body(bytes.extracting(start..<count))
  }

  @inlinable public var isEmpty: Bool { count == 0 }

  /// Forgets what was written and keeps the memory.
  @inlinable public mutating func clear() { length = 0 }

  /// Forgets everything written after the first `size` bytes.
  @inlinable
  public mutating func truncate(to size: Int) {
    precondition(size >= 0 && size <= length)
    length = size
  }

  /// Forgets the first `size` bytes and moves the rest to the front.
  public mutating func removeFirst(_ size: Int) {
    precondition(size >= 0 && size <= length)
    unsafe memmove(base, base + size, length - size)
    length -= size
  }

  @inlinable
  public mutating func reserve(_ extra: Int) {
    if extra > capacity &- count { grow(extra) }
  }

  @usableFromInline
  mutating func grow(_ extra: Int) {
    let wanted = max(capacity * 2, count + extra)
    let bigger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
    unsafe memcpy(bigger, base, count)
    unsafe base.deallocate()
    unsafe base = bigger
    capacity = wanted
  }

  @inlinable
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    length &+= 1
  }

  @inlinable
  public mutating func append(_ bytes: RawSpan) {
    let size = bytes.byteCount
    reserve(size)
    unsafe bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { unsafe memcpy(base + count, start, size) }
    }
    length &+= size
  }

  @inlinable
  public mutating func append(_ bytes: [UInt8]) {
    reserve(bytes.count)
    unsafe bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { unsafe memcpy(base + count, start, source.count) }
    }
    length &+= bytes.count
  }

  @inlinable
  public mutating func append(_ text: StaticString) {
    let size = text.utf8CodeUnitCount
    reserve(size)
    unsafe memcpy(base + count, text.utf8Start, size)
    length &+= size
  }

  /// The string's UTF-8, without a terminator.
  @inlinable
  public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      let size = utf8.count
      reserve(size)
      if let start = utf8.baseAddress { unsafe memcpy(base + count, start, size) }
      length &+= size
    }
  }

  /// The string's UTF-8 and a zero byte; a zero byte inside is the caller's mistake and traps.
  public mutating func append(cString text: String) {
    precondition(!text.utf8.contains(0))
    append(text)
    append(0 as UInt8)
  }

  @inlinable
  public mutating func append<T: FixedWidthInteger & BitwiseCopyable>(bigEndian value: T) {
    let width = MemoryLayout<T>.size
    reserve(width)
    unsafe base.storeBytes(of: value.bigEndian, toByteOffset: count, as: T.self)
    length &+= width
  }

  @inlinable
  public mutating func append<T: FixedWidthInteger & BitwiseCopyable>(littleEndian value: T) {
    let width = MemoryLayout<T>.size
    reserve(width)
    unsafe base.storeBytes(of: value.littleEndian, toByteOffset: count, as: T.self)
    length &+= width
  }

  /// A base-128 varint in its shortest form.
  @inlinable
  public mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// Decimal digits.
  @inlinable
  public mutating func append<T: BinaryInteger>(decimal value: T) {
    append(String(value))
  }

  /// Overwrites an integer written earlier.
  @inlinable
  public mutating func patch<T: FixedWidthInteger & BitwiseCopyable>(bigEndian value: T, at offset: Int) {
    precondition(offset >= 0 && offset &+ MemoryLayout<T>.size <= count)
    unsafe base.storeBytes(of: value.bigEndian, toByteOffset: offset, as: T.self)
  }

  /// Room for the heads of `fields` length-delimited fields of protobuf, four bytes each; `patchHead` fills them.
  /// Answers where the first one is.
  @inlinable @inline(__always)
  public mutating func reserveHeads(_ fields: Int = 1) -> Int {
    let at = count
    reserve(4 &* fields)
    length &+= 4 &* fields
    return at
  }

  /// Tag and length of a field that ends where the writer does, or at `end`. The length is a varint padded to three
  /// bytes: not the shortest form, which protobuf decoders accept (etcd 3.3 to 3.5 do). It is below 2 MiB (2²¹), above
  /// any field that etcd's request limit allows.
  @inlinable @inline(__always)
  public mutating func patchHead(_ tag: UInt8, at offset: Int, end: Int? = nil) {
    let end = end ?? count
    let size = end &- offset &- 4
    precondition(offset >= 0 && size >= 0 && size < 1 << 21 && end <= count)
    let bits = UInt32(truncatingIfNeeded: size)
    let varint = 0x8080 | bits & 0x7F | (bits & 0x3F80) &<< 1 | (bits & 0x1F_C000) &<< 2
    unsafe base.storeBytes(of: (UInt32(tag) | varint &<< 8).littleEndian, toByteOffset: offset, as: UInt32.self)
  }

  /// Writes a big-endian length, then what `body` writes, then patches the length.
  /// `includingItself` counts the length field too, as PostgreSQL's does.
  @inlinable
  public mutating func lengthPrefixed<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type, includingItself: Bool = false, _ body: (inout ByteWriter) -> Void
  ) {
    let at = count
    append(bigEndian: T(0))
    body(&self)
    patch(bigEndian: T(count - at - (includingItself ? 0 : MemoryLayout<T>.size)), at: at)
  }

  /// Room for up to `count` bytes at the end; `body` answers how many it filled. For encoders that know an upper bound.
  @inlinable
  public mutating func appendUnsafe(upTo extra: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
    reserve(extra)
    let filled = unsafe body(UnsafeMutableRawBufferPointer(start: base + count, count: extra))
    precondition(filled >= 0 && filled <= extra)
    length &+= filled
  }

  /// Overwrites bytes written earlier.
  @inlinable
  public mutating func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) -> R) -> R {
    unsafe body(UnsafeMutableRawBufferPointer(start: base, count: count))
  }
}
