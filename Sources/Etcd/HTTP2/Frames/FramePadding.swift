// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// The padding that DATA, HEADERS and PUSH_PROMISE may carry: a length before the content, zeros behind it.
enum FramePadding {
  /// The content between the pad length and the padding, and the pad length (nil: the frame is not padded).
  /// "If the length of the padding is the length of the frame payload or greater, the recipient MUST treat this as a
  /// connection error of type PROTOCOL_ERROR." (RFC 9113, section 6.1)
  @_lifetime(copy payload)
  static func content(of payload: RawSpan, header: FrameHeader, name: StaticString) throws(WireError) -> ByteReader {
    guard header.has(.padded) else { return ByteReader(payload) }
    let length = try padLength(of: payload, header: header, name: name) ?? 0
    return ByteReader(payload.extracting(1..<(payload.byteCount - length)))
  }

  static func padLength(of payload: RawSpan, header: FrameHeader, name: StaticString) throws(WireError) -> Int? {
    guard header.has(.padded) else { return nil }
    guard payload.byteCount > 0 else {
      throw WireError(.short(needed: 1, available: 0), offset: 0, context: name)
    }
    let length = Int(payload[0])
    guard length < payload.byteCount else {
      throw WireError(.badValue("padding longer than the payload"), offset: 0, context: name)
    }
    return length
  }

  static func flag(_ padLength: Int?) -> UInt8 { padLength == nil ? 0 : FrameFlag.padded.rawValue }

  static func encode(_ padLength: Int?, to writer: inout ByteWriter) {
    for _ in 0..<(padLength ?? 0) { writer.append(0 as UInt8) }
  }
}
