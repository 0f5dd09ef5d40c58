// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// How the bytes of a character set become UTF-8.
enum CharacterEncoding: Equatable, BitwiseCopyable {
  case binary
  /// utf8mb3 and utf8mb4: copied.
  case utf8
  case ascii
  case latin1
  case ucs2
  case utf16
  case utf16LittleEndian
  case utf32
  /// A set that the server translates for us: its index in `CharacterSets`.
  case server(UInt16)

  /// The sets that are computed, by the names that `information_schema.COLLATIONS` has for them.
  init?(name: String) {
    switch name {
    case "binary": self = .binary
    case "utf8", "utf8mb3", "utf8mb4": self = .utf8
    case "ascii": self = .ascii
    case "latin1": self = .latin1
    case "ucs2": self = .ucs2
    case "utf16": self = .utf16
    case "utf16le": self = .utf16LittleEndian
    case "utf32": self = .utf32
    default: return nil
    }
  }
}

extension ByteWriter {
  /// A code point as UTF-8. What is none, a surrogate or a number above 0x10FFFF, is `?`, as the server converts it.
  @inline(__always)
  mutating func append(utf8 scalar: UInt32) {
    switch scalar {
    case 0..<0x80: append(UInt8(truncatingIfNeeded: scalar))
    case 0x80..<0x800:
      append(0xC0 | UInt8(truncatingIfNeeded: scalar &>> 6))
      append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
    case 0x800..<0xD800, 0xE000..<0x1_0000:
      append(0xE0 | UInt8(truncatingIfNeeded: scalar &>> 12))
      append(0x80 | UInt8(truncatingIfNeeded: scalar &>> 6 & 0x3F))
      append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
    case 0x1_0000...0x10_FFFF:
      append(0xF0 | UInt8(truncatingIfNeeded: scalar &>> 18))
      append(0x80 | UInt8(truncatingIfNeeded: scalar &>> 12 & 0x3F))
      append(0x80 | UInt8(truncatingIfNeeded: scalar &>> 6 & 0x3F))
      append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
    default: append(0x3F as UInt8)
    }
  }

  mutating func append(ascii text: RawSpan) {
    for index in 0..<text.byteCount { append(text[index] < 0x80 ? text[index] : 0x3F) }
  }

  /// MySQL's latin1 is Windows-1252, with the five holes of that mapped to themselves.
  mutating func append(latin1 text: RawSpan) {
    for index in 0..<text.byteCount {
      let byte = text[index]
      if byte < 0x80 {
        append(byte)
      } else if byte < 0xA0 {
        append(utf8: UInt32(windows1252[Int(byte) &- 0x80]))
      } else {
        append(utf8: UInt32(byte))
      }
    }
  }

  /// UTF-16 in either byte order, surrogate pairs joined; UCS-2 is the same without pairs.
  mutating func append(utf16 text: RawSpan, bigEndian: Bool, hasPairs: Bool = true) {
    var index = 0
    while index &+ 2 <= text.byteCount {
      let unit = text.unit(index, bigEndian)
      index &+= 2
      if hasPairs, unit & 0xFC00 == 0xD800, index &+ 2 <= text.byteCount {
        let low = text.unit(index, bigEndian)
        if low & 0xFC00 == 0xDC00 {
          index &+= 2
          append(utf8: 0x1_0000 &+ (unit & 0x3FF) &<< 10 &+ (low & 0x3FF))
          continue
        }
      }
      append(utf8: unit)
    }
    if index < text.byteCount { append(0x3F as UInt8) }
  }

  mutating func append(utf32 text: RawSpan) {
    var index = 0
    while index &+ 4 <= text.byteCount {
      append(utf8: UInt32(truncatingIfNeeded: text.bigEndian(index, 4)))
      index &+= 4
    }
    if index < text.byteCount { append(0x3F as UInt8) }
  }
}

extension RawSpan {
  @inline(__always)
  fileprivate func unit(_ index: Int, _ bigEndian: Bool) -> UInt32 {
    let first = UInt32(self[index])
    let second = UInt32(self[index &+ 1])
    return bigEndian ? first &<< 8 | second : second &<< 8 | first
  }

  /// Whether all bytes are below 0x80.
  var isASCII: Bool {
    let end = byteCount
    var index = 0
    while index &+ 16 <= end {
      let high = checkedChunk(index) .>= SIMD16(repeating: 0x80)
      if high.firstSet != nil { return false }
      index &+= 16
    }
    while index < end {
      if checkedByte(index) >= 0x80 { return false }
      index &+= 1
    }
    return true
  }
}

/// 0x80 to 0x9F.
private let windows1252: InlineArray<32, UInt16> = [
  0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D,
  0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
  0x0153, 0x009D, 0x017E, 0x0178,
]
