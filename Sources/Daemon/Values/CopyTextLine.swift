// SPDX-License-Identifier: Apache-2.0
//
//   1 \t plain text \t \N \t a\tb \n        fields are separated by tabs; `\N` is null; `\` escapes
package import Wire

/// One line of `COPY … TO STDOUT` in text format, split into fields.
///
/// A line without escapes is indexed where it lies; one with escapes is unescaped into a buffer that is reused. `\N`
/// alone does not count as one. After `split`, the fields' base is `base(of:)` of the same line.
package struct CopyTextLine: ~Copyable {
  package private(set) var fields: [FieldRange] = []
  private var unescaped = ByteWriter(capacity: 4096)
  private var isUnescaped = false

  package init() { fields.reserveCapacity(64) }

  /// The bytes that `fields` refers to.
  @_lifetime(copy line, borrow self)
  package func base(of line: RawSpan) -> RawSpan {
    isUnescaped ? unescaped.bytes : line
  }

  /// Splits one line, with or without its newline.
  package mutating func split(_ line: RawSpan) throws(WireError) {
    var end = line.byteCount
    if end > 0, line[end - 1] == 0x0A { end -= 1 }
    isUnescaped = false
    fields.removeAll(keepingCapacity: true)
    if !CopyTextLine.index(line, end: end, &fields) {
      fields.removeAll(keepingCapacity: true)
      unescaped.clear()
      isUnescaped = true
      try CopyTextLine.unescape(line, end: end, into: &unescaped, &fields)
    }
  }

  /// Indexes a line that needs no copy; false at the first escape other than `\N`.
  private static func index(_ line: RawSpan, end: Int, _ fields: inout [FieldRange]) -> Bool {
    var start = 0
    var position = 0
    while true {
      position = line.firstTabOrBackslash(from: position, end: end)
      if position < end, line[position] != 0x09 {
        let isNull = position == start && position + 1 < end && line[position + 1] == 0x4E
        if !isNull || (position + 2 < end && line[position + 2] != 0x09) { return false }
        position += 2
        fields.append(.null)
      } else {
        fields.append(FieldRange(offset: start, length: position - start))
      }
      if position == end { return true }
      position += 1
      start = position
    }
  }

  private static func unescape(
    _ line: RawSpan, end: Int, into out: inout ByteWriter, _ fields: inout [FieldRange]
  ) throws(WireError) {
    var position = 0
    while true {
      // "\N" is null only where it is the whole field, before any unescaping.
      let isNull =
        position + 1 < end && line[position] == 0x5C && line[position + 1] == 0x4E
        && (position + 2 == end || line[position + 2] == 0x09)
      if isNull {
        fields.append(.null)
        position += 2
      } else {
        let start = out.count
        while position < end, line[position] != 0x09 {
          let run = line.firstTabOrBackslash(from: position, end: end)
          out.append(line.extracting(position..<run))
          position = run
          if position < end, line[position] == 0x5C { position = try escape(line, position, end, into: &out) }
        }
        fields.append(FieldRange(offset: start, length: out.count - start))
      }
      if position == end { return }
      position += 1
    }
  }

  /// Writes the byte that the escape at `position` stands for and answers where the escape ends.
  private static func escape(
    _ line: RawSpan, _ position: Int, _ end: Int, into out: inout ByteWriter
  ) throws(WireError) -> Int {
    guard position + 1 < end else {
      throw WireError(.badValue("backslash at the end of the line"), offset: position, context: "COPY line")
    }
    let letter = line[position + 1]
    switch letter {
    case 0x62: out.append(0x08 as UInt8)  // \b
    case 0x66: out.append(0x0C as UInt8)  // \f
    case 0x6E: out.append(0x0A as UInt8)  // \n
    case 0x72: out.append(0x0D as UInt8)  // \r
    case 0x74: out.append(0x09 as UInt8)  // \t
    case 0x76: out.append(0x0B as UInt8)  // \v
    case 0x30...0x37:
      return digits(line, position + 1, min(end, position + 4), base: 8, into: &out)
    case 0x78 where position + 2 < end && line[position + 2].hexValue != nil:
      return digits(line, position + 2, min(end, position + 4), base: 16, into: &out)
    default:
      // "Any other backslashed character that is not mentioned in the above table will be taken to represent itself."
      out.append(letter)
    }
    return position + 2
  }

  /// Octal or hexadecimal digits as one byte; the excess of three octal digits is dropped, as COPY FROM does.
  private static func digits(
    _ line: RawSpan, _ start: Int, _ limit: Int, base: Int, into out: inout ByteWriter
  ) -> Int {
    var position = start
    var value = 0
    while position < limit, let digit = line[position].hexValue, Int(digit) < base {
      value = value * base + Int(digit)
      position += 1
    }
    out.append(UInt8(truncatingIfNeeded: value))
    return position
  }
}

extension RawSpan {
  /// The first tab or backslash at or after `start`, or `end`.
  func firstTabOrBackslash(from start: Int, end: Int) -> Int {
    var position = start
    while position &+ 16 <= end {
      let chunk = unsafe unsafeLoadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self)
      if let hit = ((chunk .== 0x09) .| (chunk .== 0x5C)).firstSet { return position &+ hit }
      position &+= 16
    }
    while position < end, self[position] != 0x09, self[position] != 0x5C { position &+= 1 }
    return position
  }
}
