// SPDX-License-Identifier: Apache-2.0
//
//     0   1   2   3   4   5   6   7
//   +---+---+---+---+---+---+---+---+
//   | ?   ?   ? |  2^N-1 or value   |     RFC 7541, section 5.1: prefix of N bits,
//   +---+---------------------------+     then seven bits an octet, least significant first
//   | 1 |    value - (2^N-1)  LSB   |
//   +---+---------------------------+
internal import Wire

/// An HPACK integer, bounded: nothing that HPACK counts in a connection of ours comes near 2²⁸.
enum HPACKInteger {
  static let max = 1 << 28

  /// `first` is the octet that holds the prefix and has been read already.
  @_lifetime(reader: copy reader)
  static func decode(first: UInt8, prefixBits: Int, from reader: inout ByteReader) throws(WireError) -> Int {
    let limit = (1 << prefixBits) - 1
    var value = Int(first) & limit
    if value < limit { return value }
    let start = reader.offset
    var shift = 0
    while true {
      let next = try reader.byte()
      value += Int(next & 0x7F) << shift
      // "Integer encodings that exceed implementation limits -- in value or octet length -- MUST be treated as
      // decoding errors." (section 5.1)
      guard value <= max, shift <= 28 else {
        throw WireError(.badValue("integer too large"), offset: start, context: "HPACK integer")
      }
      if next < 0x80 { return value }
      shift += 7
    }
  }

  /// `pattern` holds the bits left of the prefix.
  static func encode(_ value: Int, pattern: UInt8, prefixBits: Int, to writer: inout ByteWriter) {
    precondition(value >= 0)
    let limit = (1 << prefixBits) - 1
    if value < limit {
      writer.append(pattern | UInt8(value))
      return
    }
    writer.append(pattern | UInt8(limit))
    writer.append(varint: UInt64(value - limit))
  }
}
