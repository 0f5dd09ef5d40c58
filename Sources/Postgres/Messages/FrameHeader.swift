// SPDX-License-Identifier: Apache-2.0
//
//   tag   length (itself included)   body
//   Byte1 Int32                      length - 4 bytes
public import Wire

/// The head of a tagged message: what follows it, once it is known to be complete.
@frozen
public struct FrameHeader: Equatable, Sendable {
  /// "The length field's own four bytes are part of it", so no message is shorter.
  public static let lengthMin = 4
  /// The server builds messages of at most 1 GiB (MaxAllocSize).
  public static let messageBytesMaxDefault = 1 << 30
  @inlinable public static var byteCount: Int { 5 }

  public let tag: UInt8
  public let bodyCount: Int

  @inlinable
  public init(tag: UInt8, bodyCount: Int) {
    self.tag = tag
    self.bodyCount = bodyCount
  }

  /// Tag, length and body.
  @inlinable public var frameCount: Int { FrameHeader.byteCount &+ bodyCount }

  /// The head at `offset`, or nil while its five bytes are not there. The body may still be missing: nothing is
  /// allocated for it, its bytes are awaited where they arrive.
  @inlinable
  public static func peek(_ span: RawSpan, at offset: Int, messageBytesMax: Int) throws(WireError) -> FrameHeader? {
    guard span.byteCount &- offset >= byteCount else { return nil }
    var reader = ByteReader(span)
    reader.offset = offset
    let tag = try reader.byte()
    let length = Int(try reader.bigEndian(Int32.self))
    guard length >= lengthMin, length &+ 1 <= messageBytesMax else {
      throw WireError(.badLength(length), offset: 1)
    }
    return FrameHeader(tag: tag, bodyCount: length &- 4)
  }
}
