// SPDX-License-Identifier: Apache-2.0
public import Glibc

extension RawSpan {
  /// The byte at `index`; `index` is ours, so a wrong one traps.
  @inlinable
  public subscript(index: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self)
  }

  /// The first `byte` at or after `start`, or nil.
  @inlinable
  public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    guard start < byteCount else { return nil }
    return unsafe withUnsafeBytes { buffer -> Int? in
      guard let base = buffer.baseAddress,
        let found = unsafe memchr(base + start, Int32(byte), buffer.count - start)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  @inlinable
  public func isEqual(to other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    if byteCount == 0 { return true }
    return unsafe withUnsafeBytes { a in
      unsafe other.withUnsafeBytes { b in unsafe memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0 }
    }
  }

  @inlinable
  public func isEqual(to text: StaticString) -> Bool {
    guard byteCount == text.utf8CodeUnitCount else { return false }
    for index in 0..<byteCount where unsafe self[index] != text.utf8Start[index] { return false }
    return true
  }

  /// Whether `other` starts with these bytes.
  @inlinable
  public func isPrefix(of other: RawSpan) -> Bool {
    byteCount <= other.byteCount && isEqual(to: other.extracting(0..<byteCount))
  }

  /// A copy, for the cold path.
  @inlinable
  public var array: [UInt8] {
    unsafe withUnsafeBytes { unsafe [UInt8]($0) }
  }
}

extension String {
  /// UTF-8 text; bytes that are not UTF-8 become U+FFFD.
  @inlinable
  public init(decoding bytes: RawSpan) {
    self = unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
