// SPDX-License-Identifier: Apache-2.0

/// Names and labels in the character sets that most tables have.
enum CharacterSetText {
  /// - Returns: nil for a character set that is not known here, and for what is none of its texts.
  static func decode(_ bytes: [UInt8], _ characterSet: String) -> String? {
    switch characterSet {
    case "utf8mb4", "utf8mb3", "binary": return String(validating: bytes, as: UTF8.self)
    case "latin1": return latin1(bytes)
    case "ucs2", "utf16": return words(bytes, of: 2, as: UInt16.self).flatMap { String(validating: $0, as: UTF16.self) }
    case "utf16le":
      return words(bytes, of: 2, as: UInt16.self)
        .flatMap { String(validating: $0.map(\.byteSwapped), as: UTF16.self) }
    case "utf32": return words(bytes, of: 4, as: UInt32.self).flatMap { String(validating: $0, as: UTF32.self) }
    default:
      // All others hold ASCII as it is.
      return bytes.allSatisfy { $0 < 0x80 } ? String(validating: bytes, as: UTF8.self) : nil
    }
  }

  /// Big-endian words of `size` bytes.
  private static func words<Word: FixedWidthInteger>(_ bytes: [UInt8], of size: Int, as _: Word.Type) -> [Word]? {
    guard bytes.count % size == 0 else { return nil }
    return stride(from: 0, to: bytes.count, by: size).map { start in
      bytes[start..<(start + size)].reduce(0) { $0 << 8 | Word($1) }
    }
  }

  /// MySQL's latin1 is Windows-1252, with its five gaps as control characters.
  private static func latin1(_ bytes: [UInt8]) -> String {
    var text = ""
    text.unicodeScalars.reserveCapacity(bytes.count)
    for byte in bytes {
      let value = (0x80...0x9F).contains(byte) ? windows1252[Int(byte - 0x80)] : UInt16(byte)
      text.unicodeScalars.append(UnicodeScalar(value) ?? "\u{FFFD}")
    }
    return text
  }

  private static let windows1252: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  ]
}
