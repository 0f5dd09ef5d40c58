// SPDX-License-Identifier: Apache-2.0
//
//   span   [ read already | unread ................ ]
//          0              offset                    count

/// A cursor over borrowed bytes. Every read is checked and throws `WireError`; none traps on a peer's bytes.
///
/// Public, frozen and inlinable throughout: it is the hot path's first step, and a call across modules that is not
/// inlined costs more than the read.
@frozen
public struct ByteReader: ~Escapable {
  public let span: RawSpan
  /// Bytes read so far.
  public var offset: Int

  @inlinable
  @_lifetime(copy span)
  public init(_ span: RawSpan) {
    self.span = span
    self.offset = 0
  }

  /// Bytes not read yet.
  @inlinable
  public var remaining: Int { span.byteCount - offset }

  @inlinable
  public var isAtEnd: Bool { offset >= span.byteCount }

  @usableFromInline
  func short(_ needed: Int) -> WireError {
    WireError(.short(needed: needed, available: span.byteCount - offset), offset: offset)
  }

  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  public mutating func skip(_ count: Int) throws(WireError) {
    guard count >= 0, count <= span.byteCount - offset else { throw short(count) }
    offset &+= count
  }

  /// The next `count` bytes as a view into the same memory.
  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  @_lifetime(copy self)
  public mutating func bytes(_ count: Int) throws(WireError) -> RawSpan {
    guard count >= 0, count <= span.byteCount - offset else { throw short(count) }
    let result = span.extracting(offset..<(offset &+ count))
    offset &+= count
    return result
  }

  /// Everything that is left.
  @inlinable
  @_lifetime(self: copy self)
  @_lifetime(copy self)
  public mutating func rest() -> RawSpan {
    let result = span.extracting(offset..<span.byteCount)
    offset = span.byteCount
    return result
  }

  /// A fixed-width integer in network byte order.
  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  public mutating func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type = T.self) throws(WireError) -> T {
    let width = MemoryLayout<T>.size
    guard width <= span.byteCount - offset else { throw short(width) }
    let value = unsafe span.unsafeLoadUnaligned(fromByteOffset: offset, as: T.self)
    offset &+= width
    return T(bigEndian: value)
  }

  /// A fixed-width integer, least significant byte first.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func littleEndian<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type = T.self) throws(WireError) -> T {
    let width = MemoryLayout<T>.size
    guard width <= span.byteCount - offset else { throw short(width) }
    let value = unsafe span.unsafeLoadUnaligned(fromByteOffset: offset, as: T.self)
    offset &+= width
    return T(littleEndian: value)
  }

  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  public mutating func byte() throws(WireError) -> UInt8 {
    guard offset < span.byteCount else { throw short(1) }
    let value = unsafe span.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    offset &+= 1
    return value
  }

  /// The next byte without consuming it, or nil at the end.
  @inlinable
  public func peek() -> UInt8? {
    guard offset < span.byteCount else { return nil }
    return unsafe span.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The bytes of a zero-terminated string, without the zero, which is consumed.
  @inlinable
  @_lifetime(self: copy self)
  @_lifetime(copy self)
  public mutating func cString() throws(WireError) -> RawSpan {
    guard let length = span.firstIndex(of: 0, from: offset) else {
      throw WireError(.unterminatedString, offset: offset)
    }
    let result = span.extracting(offset..<length)
    offset = length &+ 1
    return result
  }

  /// A zero-terminated string as a `String`; bytes that are not UTF-8 become U+FFFD.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func string() throws(WireError) -> String {
    String(decoding: try cString())
  }

  /// A base-128 varint of at most ten bytes (protobuf, "Encoding", "Base 128 Varints").
  @inlinable
  @_lifetime(self: copy self)
  public mutating func varint() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    let start = offset
    while true {
      let next = try byte()
      if shift == 63, next > 1 { throw WireError(.badValue("varint above 64 bits"), offset: start) }
      value |= UInt64(next & 0x7F) &<< shift
      if next < 0x80 { return value }
      shift &+= 7
      if shift > 63 { throw WireError(.badValue("varint longer than ten bytes"), offset: start) }
    }
  }

  /// Whole input or error: bytes left over are somebody's bug.
  @inlinable
  public func end(_ context: StaticString) throws(WireError) {
    guard offset == span.byteCount else {
      throw WireError(.trailing(count: span.byteCount - offset), offset: offset, context: context)
    }
  }
}
