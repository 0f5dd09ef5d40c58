// SPDX-License-Identifier: Apache-2.0
//
//   1 \t plain text \t \N \t a\tb \n        fields are separated by tabs; `\N` is null; `\` escapes
package import Wire

/// One line of `COPY … TO STDOUT` in text format, split into fields.
///
/// A line without escapes is indexed where it lies; one with escapes is unescaped into a buffer that is reused. `\N`
/// alone does not count as one. After `split`, the fields' base is `base(of:)` of the same line.
package struct CopyTextLine: ~Copyable {
  /// The first `count` are the line's fields; the rest is room for wider lines.
  private var storage = [FieldRange](repeating: .null, count: 32)
  package private(set) var count = 0
  private var unescaped = ByteWriter(capacity: 4096)
  private var isUnescaped = false

  package init() {}

  package var fields: Span<FieldRange> {
    @_lifetime(borrow self)
    get { storage.span.extracting(0..<count) }
  }

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
    while true {
      let indexed = unsafe storage.withUnsafeMutableBufferPointer { unsafe CopyTextLine.index(line, end: end, $0) }
      switch indexed {
      case .fields(let count):
        self.count = count
        return
      case .tooMany:
        storage += [FieldRange](repeating: .null, count: storage.count)
      case .escapes:
        unescaped.clear()
        isUnescaped = true
        var fields: [FieldRange] = []
        swap(&fields, &storage)
        fields.removeAll(keepingCapacity: true)
        defer { swap(&fields, &storage) }
        try CopyTextLine.unescape(line, end: end, into: &unescaped, &fields)
        count = fields.count
        return
      }
    }
  }

  private enum Indexed { case fields(Int), tooMany, escapes }

  /// Indexes a line that needs no copy.
  private static func index(
    _ line: RawSpan, end: Int, _ fields: UnsafeMutableBufferPointer<FieldRange>
  ) -> Indexed {
    var start = 0
    var chunk = 0
    var count = 0
    precondition(end <= line.byteCount)
    while chunk < end {
      var (low, high) = line.tabsAndBackslashes(at: chunk, end: end)
      while low | high != 0 {
        let lane = low != 0 ? low.trailingZeroBitCount &>> 3 : 8 &+ high.trailingZeroBitCount &>> 3
        if low != 0 { low &= low &- 1 } else { high &= high &- 1 }
        let position = chunk &+ lane
        if line.checkedByte(position) == 0x09 {
          guard count < fields.count else { return .tooMany }
          unsafe fields[count] = field(line, start, position)
          count &+= 1
          start = position &+ 1
        } else {
          // "\N", which is null only where it is the whole field.
          let isNull =
            position == start && position &+ 1 < end && line[position &+ 1] == 0x4E
            && (position &+ 2 == end || line[position &+ 2] == 0x09)
          if !isNull { return .escapes }
        }
      }
      chunk &+= 16
    }
    guard count < fields.count else { return .tooMany }
    unsafe fields[count] = field(line, start, end)
    return .fields(count &+ 1)
  }

  /// Here a field that begins with a backslash can only be `\N`.
  @inline(__always)
  private static func field(_ line: RawSpan, _ start: Int, _ end: Int) -> FieldRange {
    let isNull = end &- start == 2 && line.checkedByte(start) == 0x5C
    return isNull ? .null : FieldRange(offset: start, length: end &- start)
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
  /// Where tabs and backslashes are among the sixteen bytes at `start`, one bit at the foot of each byte's lane.
  @inline(__always)
  fileprivate func tabsAndBackslashes(at start: Int, end: Int) -> (low: UInt64, high: UInt64) {
    let foot: UInt64 = 0x0101_0101_0101_0101
    if start &+ 16 <= end {
      let chunk = checkedChunk(start)
      let words = (chunk.equals(0x09) .| chunk.equals(0x5C)).words
      return (words[0] & foot, words[1] & foot)
    }
    var low: UInt64 = 0
    var high: UInt64 = 0
    for index in start..<end {
      let byte = checkedByte(index)
      guard byte == 0x09 || byte == 0x5C else { continue }
      let lane = index &- start
      if lane < 8 { low |= 1 &<< UInt64(lane &* 8) } else { high |= 1 &<< UInt64(lane &* 8 &- 64) }
    }
    return (low, high)
  }

  /// The first tab or backslash at or after `start`, or `end`.
  fileprivate func firstTabOrBackslash(from start: Int, end: Int) -> Int {
    var position = start
    while position < end, self[position] != 0x09, self[position] != 0x5C { position &+= 1 }
    return position
  }
}
