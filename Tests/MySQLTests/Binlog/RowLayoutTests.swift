// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

@Suite struct RowLayoutTests {
  private func index(
    _ columns: [TableMap.Column], _ rows: [UInt8], present: [UInt8]? = nil, isPartial: Bool = false, from start: Int = 0
  ) throws -> (fields: [RowField], end: Int) {
    let layout = try RowLayout(columns)
    let bits = present ?? [UInt8](repeating: 0xFF, count: (columns.count + 7) / 8)
    var offset = start
    var fields: [RowField] = []
    try layout.index(
      rows.span.bytes, at: &offset, present: ColumnBitmap(bits.span.bytes, count: columns.count), isPartial: isPartial,
      into: &fields)
    return (fields, offset)
  }

  /// Bytes of values without a length of their own ("Field::pack_length" of each type).
  static let widths: [(ColumnType, UInt16, Int)] = [
    (.tiny, 0, 1), (.short, 0, 2), (.int24, 0, 3), (.long, 0, 4), (.longLong, 0, 8), (.float, 4, 4), (.double, 8, 8),
    (.year, 0, 1), (.date, 0, 3), (.newDate, 0, 3), (.time, 0, 3), (.dateTime, 0, 8), (.timestamp, 0, 4),
    (.timestamp2, 0, 4), (.timestamp2, 1, 5), (.timestamp2, 6, 7), (.dateTime2, 0, 5), (.dateTime2, 3, 7),
    (.time2, 6, 6), (.bit, 1, 1), (.bit, 1 | 2 << 8, 3), (.bit, 8 << 8, 8), (.newDecimal, 10 | 2 << 8, 5),
    (.newDecimal, 65 | 30 << 8, 30), (.newDecimal, 9, 4), (.enumeration, 2, 2), (.set, 8, 8), (.time, 6, 6),
    (.timestamp, 6, 7), (.dateTime, 6, 8),
  ]

  @Test(arguments: widths)
  func fixedWidths(_ type: ColumnType, _ metadata: UInt16, _ width: Int) throws {
    let column = TableMap.Column(type: type, metadata: metadata)
    let row = [UInt8](repeating: 0, count: 1 + width)
    let (fields, end) = try index([column], row)
    #expect(fields == [RowField(kind: .value, offset: 1, length: width)])
    #expect(end == row.count)
    #expect(throws: WireError.self) { try index([column], row.dropLast()) }
  }

  static let lengths: [(ColumnType, UInt16, Int)] = [
    (.varchar, 255, 1), (.varchar, 256, 2), (.string, 255, 1), (.string, 1020, 2), (.tinyBlob, 1, 1), (.blob, 2, 2),
    (.mediumBlob, 3, 3), (.json, 4, 4), (.geometry, 4, 4), (.vector, 4, 4), (.varcharCompressed, 300, 2),
    (.blobCompressed, 2, 2),
  ]

  @Test(arguments: lengths)
  func lengthsBeforeTheValue(_ type: ColumnType, _ metadata: UInt16, _ width: Int) throws {
    let column = TableMap.Column(type: type, metadata: metadata)
    let row: [UInt8] = [0, 3] + [UInt8](repeating: 0, count: width - 1) + [7, 8, 9]
    let (fields, end) = try index([column], row)
    #expect(fields == [RowField(kind: .value, offset: 1 + width, length: 3)])
    #expect(end == row.count)
    // A length that the row does not have, up to the largest.
    for byte in 1...width {
      var long = row
      long[byte] = 0xFF
      #expect(throws: WireError.self) { try index([column], long) }
    }
  }

  @Test func nullsAndSeveralRows() throws {
    let columns = [TableMap.Column](repeating: .init(type: .tiny), count: 9)
    let rows: [UInt8] = [0b1000_0001, 1, 2, 3, 4, 5, 6, 7, 8] + [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    let (first, end) = try index(columns, rows)
    #expect(first.map(\.kind) == [.null, .value, .value, .value, .value, .value, .value, .null, .null])
    #expect(end == 8)
    let (second, last) = try index(columns, rows, from: 9)
    #expect(second.map(\.offset) == (11...19).map { Int32($0) })
    #expect(last == rows.count - 0)
  }

  /// `binlog_row_image=MINIMAL`: only some columns, and null bits only for these.
  @Test func someColumns() throws {
    let columns: [TableMap.Column] = [
      .init(type: .long), .init(type: .tiny), .init(type: .varchar, metadata: 20), .init(type: .tiny),
    ]
    let (fields, end) = try index(columns, [0b010, 1, 0, 0, 0, 5], present: [0b1011])
    #expect(fields.map(\.kind) == [.value, .null, .absent, .value])
    #expect(fields[3] == RowField(kind: .value, offset: 5, length: 1))
    #expect(end == 6)
  }

  /// The second partial update of mysql-9.7-log-partial-json: three JSON columns, differences for the first and third.
  @Test func partialUpdate() throws {
    let columns: [TableMap.Column] = [
      .init(type: .long), .init(type: .json, metadata: 4), .init(type: .long), .init(type: .json, metadata: 4),
      .init(type: .json, metadata: 4),
    ]
    let image: [UInt8] = [1, 0b101, 0, 2, 0, 0, 0, 0x61, 0x62, 4, 0, 0, 0, 1, 0, 0, 0, 0x63]
    let (fields, end) = try index(columns, image, present: [0b10110], isPartial: true)
    #expect(fields.map(\.kind) == [.absent, .differences, .value, .absent, .differences])
    #expect(fields[1] == RowField(kind: .differences, offset: 7, length: 2))
    #expect(end == image.count)
    // Without the option no bits.
    let (whole, _) = try index(columns, [0] + image[2...], present: [0b10110], isPartial: true)
    #expect(whole[1].kind == .value)
  }

  /// Both ways through the indexer see the same, whatever the bytes.
  @Test func anyBytes() throws {
    var generator = SeededGenerator(seed: 11)
    let columns = TableMapTests.map.columns
    let layout = try RowLayout(columns)
    var ends = 0
    for _ in 0..<3000 {
      let count = Int.random(in: 0...400, using: &generator)
      // Mostly zeros, so that lengths of four bytes are not all too large.
      let bytes = (0..<count).map { _ in Int.random(in: 0..<12, using: &generator) == 0 ? UInt8(3) : 0 }
      var fast: [RowField] = []
      var offset = 0
      let bits = [UInt8](repeating: 0xFF, count: 3)
      let present = ColumnBitmap(bits.span.bytes, count: columns.count)
      let isWhole = (try? layout.index(bytes.span.bytes, at: &offset, present: present, into: &fast)) != nil
      // A partial image without the option is a plain one behind one byte.
      let shifted = [0] + bytes
      var slow: [RowField] = []
      var end = 0
      let isSlow =
        (try? layout.index(shifted.span.bytes, at: &end, present: present, isPartial: true, into: &slow)) != nil
      #expect(isWhole == isSlow)
      guard isWhole else { continue }
      ends += 1
      #expect(end == offset + 1)
      for (one, other) in zip(fast, slow) where one.kind == .value {
        #expect(other == RowField(kind: .value, offset: Int(one.offset) + 1, length: Int(one.length)))
      }
    }
    #expect(ends > 100)
  }

  @Test func anotherNumberOfColumns() throws {
    let layout = try RowLayout([.init(type: .tiny)])
    var fields: [RowField] = []
    var offset = 0
    let bytes: [UInt8] = [0, 0, 0]
    #expect(throws: WireError.self) {
      try layout.index(
        bytes.span.bytes, at: &offset, present: ColumnBitmap(bytes.span.bytes, count: 2), into: &fields)
    }
  }
}
