// SPDX-License-Identifier: Apache-2.0

/// RFC 4648, section 4: the standard alphabet, with padding, without line breaks.
public enum Base64 {
  /// The characters that `count` bytes become.
  @inlinable
  public static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

  /// The character of a value of six bits.
  @inlinable
  static func character(_ value: UInt32) -> UInt8 {
    let six = UInt8(truncatingIfNeeded: value & 0x3F)
    return switch six {
    case 0..<26: six &+ UInt8(ascii: "A")
    case 26..<52: six &- 26 &+ UInt8(ascii: "a")
    case 52..<62: six &- 52 &+ UInt8(ascii: "0")
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }

  /// The value of a character, or nil for one that is not of the alphabet.
  static func value(_ character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  public static func encode(_ bytes: [UInt8]) -> String {
    var writer = ByteWriter(capacity: encodedCount(bytes.count))
    unsafe writer.append(base64: bytes.span.bytes)
    return String(decoding: writer.bytes)
  }

  /// The bytes of a text in base64. Strict, as the RFC asks for (sections 3.1 to 3.5): no other characters, whole
  /// groups with their padding, and the bits under the padding zero.
  public static func decode(_ text: RawSpan) throws(WireError) -> [UInt8] {
    let count = text.byteCount
    guard count % 4 == 0 else { throw WireError(.badLength(count), offset: 0, context: "base64") }
    var result: [UInt8] = []
    result.reserveCapacity(count / 4 * 3)
    for start in stride(from: 0, to: count, by: 4) {
      let isLast = start + 4 == count
      let padding = !isLast || text[start + 3] != UInt8(ascii: "=") ? 0 : text[start + 2] != UInt8(ascii: "=") ? 1 : 2
      var group: UInt32 = 0
      for index in start..<(start + 4 - padding) {
        guard let six = value(text[index]) else {
          throw WireError(.badValue("character outside the alphabet"), offset: index, context: "base64")
        }
        group = group << 6 | six
      }
      group <<= 6 * UInt32(padding)
      guard group & ((1 << (8 * UInt32(padding))) - 1) == 0 else {
        throw WireError(.badValue("bits under the padding"), offset: start, context: "base64")
      }
      for byte in 0..<(3 - padding) { result.append(UInt8(truncatingIfNeeded: group >> (16 - 8 * UInt32(byte)))) }
    }
    return result
  }

  public static func decode(_ text: String) throws(WireError) -> [UInt8] {
    let bytes = Array(text.utf8)
    return unsafe try decode(bytes.span.bytes)
  }
}

extension ByteWriter {
  /// RFC 4648, section 4.
  @inlinable
  public mutating func append(base64 bytes: RawSpan) {
    let count = bytes.byteCount
    unsafe appendUnsafe(upTo: Base64.encodedCount(count)) { out in
      var at = 0
      var index = 0
      while index &+ 3 <= count {
        let group =
          UInt32(bytes[index]) &<< 16 | UInt32(bytes[index &+ 1]) &<< 8 | UInt32(bytes[index &+ 2])
        unsafe out[at] = Base64.character(group &>> 18)
        unsafe out[at &+ 1] = Base64.character(group &>> 12)
        unsafe out[at &+ 2] = Base64.character(group &>> 6)
        unsafe out[at &+ 3] = Base64.character(group)
        index &+= 3
        at &+= 4
      }
      if index == count { return at }
      let isOne = index &+ 1 == count
      let group = UInt32(bytes[index]) &<< 16 | (isOne ? 0 : UInt32(bytes[index &+ 1]) &<< 8)
      unsafe out[at] = Base64.character(group &>> 18)
      unsafe out[at &+ 1] = Base64.character(group &>> 12)
      unsafe out[at &+ 2] = isOne ? UInt8(ascii: "=") : Base64.character(group &>> 6)
      unsafe out[at &+ 3] = UInt8(ascii: "=")
      return at &+ 4
    }
  }
}
