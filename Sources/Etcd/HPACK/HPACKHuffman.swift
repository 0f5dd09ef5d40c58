// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// The Huffman code of RFC 7541, appendix B.
///
/// The code is canonical: codes of one length are consecutive and follow the order of the symbols, and the first code
/// of a length continues the last one of the length before. So the lengths alone are the table; codes are counted out.
/// A code of n bits is decoded by comparing it with the first code of each length, as canonical codes allow.
enum HPACKHuffman {
  /// Bits of the code of each octet; the last entry is EOS.
  static let lengths: [UInt8] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28,
    28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15,
    6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20,
    20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23,
    24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22,
    22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27,
    24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26,
    26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
  ]

  static let endOfString = 256
  static let bitsMin = 5
  static let bitsMax = 30

  /// The code of each symbol, in its lowest bits.
  static let codes: [UInt32] = {
    var codes = [UInt32](repeating: 0, count: lengths.count)
    var next: UInt32 = 0
    for bits in bitsMin...bitsMax {
      for symbol in lengths.indices where Int(lengths[symbol]) == bits {
        codes[symbol] = next
        next += 1
      }
      next <<= 1
    }
    return codes
  }()

  /// Symbols in the order of their codes.
  static let symbols: [UInt16] = lengths.indices
    .sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    .map(UInt16.init)

  /// For each length: its first code, how many codes it has, and where its first symbol stands in `symbols`.
  static let groups: [(first: UInt32, count: UInt32, at: Int)] = {
    var groups: [(first: UInt32, count: UInt32, at: Int)] = Array(repeating: (0, 0, 0), count: bitsMax + 1)
    var next: UInt32 = 0
    var at = 0
    for bits in bitsMin...bitsMax {
      let count = lengths.count(where: { Int($0) == bits })
      groups[bits] = (next, UInt32(count), at)
      at += count
      next = (next + UInt32(count)) << 1
    }
    return groups
  }()

  static func encodedCount(_ text: [UInt8]) -> Int {
    (text.reduce(0) { $0 + Int(lengths[Int($1)]) } + 7) / 8
  }

  static func encode(_ text: [UInt8], to writer: inout ByteWriter) {
    var pending: UInt64 = 0
    var bits = 0
    for octet in text {
      pending = pending << UInt64(lengths[Int(octet)]) | UInt64(codes[Int(octet)])
      bits += Int(lengths[Int(octet)])
      while bits >= 8 {
        bits -= 8
        writer.append(UInt8(truncatingIfNeeded: pending >> UInt64(bits)))
      }
    }
    if bits > 0 {
      // "… padded with the most significant bits of the code corresponding to the EOS symbol": ones (section 5.2).
      writer.append(UInt8(truncatingIfNeeded: pending << UInt64(8 - bits)) | UInt8((1 << (8 - bits)) - 1))
    }
  }

  /// `atMost` bounds the result: a Huffman code expands its input to at most 8/5.
  static func decode(_ bytes: RawSpan, atMost: Int) throws(WireError) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(min(bytes.byteCount * 8 / bitsMin, atMost))
    var code: UInt32 = 0
    var bits = 0
    for index in 0..<bytes.byteCount {
      let octet = bytes[index]
      for shift in stride(from: 7, through: 0, by: -1) {
        code = code << 1 | UInt32(octet >> UInt8(shift)) & 1
        bits += 1
        guard bits >= bitsMin else { continue }
        // No code is longer than 30 bits: the 30-bit group ends with EOS, all ones.
        let group = groups[bits]
        guard code >= group.first, code - group.first < group.count else { continue }
        let symbol = Int(symbols[group.at + Int(code - group.first)])
        // "A Huffman-encoded string literal containing the EOS symbol MUST be treated as a decoding error."
        guard symbol != endOfString else { throw error("Huffman code holds EOS", at: index) }
        guard text.count < atMost else { throw error("string too long", at: index) }
        text.append(UInt8(symbol))
        code = 0
        bits = 0
      }
    }
    // "A padding strictly longer than 7 bits MUST be treated as a decoding error. A padding not corresponding to the
    // most significant bits of the code for the EOS symbol MUST be treated as a decoding error." (section 5.2)
    guard bits < 8, code == (1 << UInt32(bits)) - 1 else {
      throw error("Huffman padding is not the start of EOS", at: bytes.byteCount)
    }
    return text
  }

  private static func error(_ what: StaticString, at offset: Int) -> WireError {
    WireError(.badValue(what), offset: offset, context: "HPACK string")
  }
}
