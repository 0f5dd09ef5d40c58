// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// How bytes of a multi-byte character set are cut into characters, by the server's own rules (strings/ctype-*.cc): the
/// ranges of the first byte and of those that follow.
enum CharacterForm: Equatable {
  case single
  case big5
  case euckr
  case gb2312
  case gb18030
  case gbk
  /// sjis and cp932.
  case shiftJIS
  /// ujis and eucjpms.
  case eucJapan

  init?(name: String, bytesMax: Int) {
    switch name {
    case "big5": self = .big5
    case "euckr": self = .euckr
    case "gb2312": self = .gb2312
    case "gb18030": self = .gb18030
    case "gbk": self = .gbk
    case "sjis", "cp932": self = .shiftJIS
    case "ujis", "eucjpms": self = .eucJapan
    default:
      guard bytesMax == 1 else { return nil }
      self = .single
    }
  }

  /// The character at `start`: its length, the block that knows it and its place in there. Nil: not well-formed.
  ///
  /// A block is named by the bytes before the last (gb18030: by the first two of four), with a 1 in front: 1 itself is
  /// the block of the single bytes.
  @inline(__always)
  func character(_ text: RawSpan, at start: Int) -> (length: Int, block: UInt32, index: Int)? {
    let first = text[start]
    if self == .single || first < 0x80 || isSingle(first) { return (1, 1, Int(first)) }
    guard start + 1 < text.byteCount else { return nil }
    let second = text[start + 1]
    if isLead(first), isTrail(second, after: first) { return (2, 0x100 | UInt32(first), Int(second)) }
    if self == .eucJapan, first == 0x8F, start + 2 < text.byteCount {
      let third = text[start + 2]
      guard CharacterForm.isUpper(second), CharacterForm.isUpper(third) else { return nil }
      return (3, 0x1_8F00 | UInt32(second), Int(third))
    }
    if self == .gb18030, isLead(first), start + 3 < text.byteCount {
      let third = text[start + 2]
      let fourth = text[start + 3]
      guard second.isDigit, third &- 0x81 < 0x7E, fourth.isDigit else { return nil }
      return (4, 0x1_0000 | UInt32(first) << 8 | UInt32(second), Int(third - 0x81) * 10 + Int(fourth - 0x30))
    }
    return nil
  }

  /// The well-formed characters of a block with their places in it.
  func characters(of block: UInt32) -> [(index: Int, bytes: [UInt8])] {
    var result: [(Int, [UInt8])] = []
    switch block {
    case 1:
      for byte in 0...255 as ClosedRange<UInt8> where self == .single || byte < 0x80 || isSingle(byte) {
        result.append((Int(byte), [byte]))
      }
    case 0x1_8F00...0x1_8FFF where self == .eucJapan:
      for third in 0xA1...0xFE as ClosedRange<UInt8> {
        result.append((Int(third), [0x8F, UInt8(truncatingIfNeeded: block), third]))
      }
    case 0x1_0000...:
      for index in 0..<1_260 {
        let prefix = [UInt8(truncatingIfNeeded: block >> 8), UInt8(truncatingIfNeeded: block)]
        result.append((index, prefix + [UInt8(index / 10) + 0x81, UInt8(index % 10) + 0x30]))
      }
    default:
      let first = UInt8(truncatingIfNeeded: block)
      for second in 0x40...0xFE as ClosedRange<UInt8> where isTrail(second, after: first) {
        result.append((Int(second), [first, second]))
      }
    }
    return result
  }

  private static func isUpper(_ byte: UInt8) -> Bool { byte >= 0xA1 && byte <= 0xFE }

  /// Half-width katakana.
  private func isSingle(_ byte: UInt8) -> Bool { self == .shiftJIS && byte >= 0xA1 && byte <= 0xDF }

  private func isLead(_ byte: UInt8) -> Bool {
    switch self {
    case .single: false
    case .big5: byte >= 0xA1 && byte <= 0xF9
    case .euckr, .gb18030, .gbk: byte >= 0x81 && byte <= 0xFE
    case .gb2312: byte >= 0xA1 && byte <= 0xF7
    case .shiftJIS: byte >= 0x81 && byte <= 0x9F || byte >= 0xE0 && byte <= 0xFC
    case .eucJapan: byte >= 0xA1 && byte <= 0xFE || byte == 0x8E
    }
  }

  private func isTrail(_ byte: UInt8, after first: UInt8) -> Bool {
    switch self {
    case .single: false
    case .big5: byte >= 0x40 && byte <= 0x7E || CharacterForm.isUpper(byte)
    case .euckr: byte >= 0x41 && byte <= 0x5A || byte >= 0x61 && byte <= 0x7A || byte >= 0x81 && byte <= 0xFE
    case .gb2312: CharacterForm.isUpper(byte)
    case .gb18030, .gbk: byte >= 0x40 && byte <= 0x7E || byte >= 0x80 && byte <= 0xFE
    case .shiftJIS: byte >= 0x40 && byte <= 0x7E || byte >= 0x80 && byte <= 0xFC
    case .eucJapan: first == 0x8E ? byte >= 0xA1 && byte <= 0xDF : CharacterForm.isUpper(byte)
    }
  }
}
