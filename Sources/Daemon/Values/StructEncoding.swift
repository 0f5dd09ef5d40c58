// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Wire

extension ByteWriter {
  /// Begins a length-delimited field with one byte for its length, which most have; answers where the content begins.
  mutating func beginMessage(_ field: UInt8) -> Int {
    append(field << 3 | 2)
    append(0 as UInt8)
    return count
  }

  /// Writes the length of the content that began at `start`; a longer one moves the content.
  mutating func endMessage(_ start: Int) {
    let length = count - start
    var more = 0
    while length >> (7 * (more + 1)) > 0 { more += 1 }
    if more > 0 {
      unsafe appendUnsafe(upTo: more) { _ in more }
      unsafe withUnsafeMutableBytes { bytes in
        let content = unsafe bytes.baseAddress! + start
        unsafe memmove(content + more, content, length)
      }
    }
    unsafe withUnsafeMutableBytes { bytes in
      for index in 0...more {
        let digit = UInt8(truncatingIfNeeded: length >> (7 * index)) & 0x7F
        unsafe bytes[start - 1 + index] = index < more ? digit | 0x80 : digit
      }
    }
  }

  /// The text of a JSON string whose inside lies at `range`. A surrogate without its other half becomes U+FFFD: the
  /// type is `json`, which PostgreSQL keeps as it was written, and a protobuf string must be UTF-8.
  mutating func append(unescaped json: RawSpan, _ range: Range<Int>) throws(WireError) {
    let text = json.extracting(range)
    var position = 0
    while position < text.byteCount {
      let run = text.firstIndex(of: 0x5C, from: position) ?? text.byteCount
      append(text.extracting(position..<run))
      position = run
      if run < text.byteCount { position = try appendEscaped(text, run) }
    }
  }

  private mutating func appendEscaped(_ text: RawSpan, _ start: Int) throws(WireError) -> Int {
    guard start + 1 < text.byteCount else { throw .json("string without its end", start) }
    switch text[start + 1] {
    case 0x62: append(0x08 as UInt8)
    case 0x66: append(0x0C as UInt8)
    case 0x6E: append(0x0A as UInt8)
    case 0x72: append(0x0D as UInt8)
    case 0x74: append(0x09 as UInt8)
    case 0x75: return try appendUnicode(text, start)
    default: append(text[start + 1])
    }
    return start + 2
  }

  private mutating func appendUnicode(_ text: RawSpan, _ start: Int) throws(WireError) -> Int {
    let unit = try text.codeUnit(at: start)
    var code = UInt32(unit)
    var end = start + 6
    if unit & 0xFC00 == 0xD800, end + 6 <= text.byteCount, text[end] == 0x5C, text[end + 1] == 0x75 {
      let second = try text.codeUnit(at: end)
      if second & 0xFC00 == 0xDC00 {
        code = 0x1_0000 + (UInt32(unit & 0x3FF) << 10 | UInt32(second & 0x3FF))
        end += 6
      }
    }
    for byte in String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8 { append(byte) }
    return end
  }
}

extension RawSpan {
  /// The UTF-16 code unit of `\u` and four digits at `start`.
  fileprivate func codeUnit(at start: Int) throws(WireError) -> UInt16 {
    guard start + 6 <= byteCount else { throw .json("string without its end", start) }
    var unit: UInt16 = 0
    for position in (start + 2)..<(start + 6) {
      guard let digit = self[position].hexValue else { throw .json("not a hexadecimal digit", position) }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  /// A JSON number as a double, nearest; infinite if beyond.
  var double: Double {
    // The usual number is short: its text with a zero behind fits on the stack.
    let length = byteCount
    return unsafe withUnsafeTemporaryAllocation(byteCount: length + 1, alignment: 1) { text in
      unsafe withUnsafeBytes { unsafe text.copyMemory(from: $0) }
      unsafe text[length] = 0
      return unsafe strtod(text.baseAddress!.assumingMemoryBound(to: CChar.self), nil)
    }
  }
}
