// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

@Suite struct TableMapTests {
  /// Every type, and all of the optional metadata.
  static let map: TableMap = {
    let columns: [TableMap.Column] = [
      .init(type: .long, isNullable: false), .init(type: .tiny), .init(type: .year),
      .init(type: .newDecimal, metadata: 65 | 30 << 8), .init(type: .string, metadata: 1020),
      .init(type: .string, metadata: 8), .init(type: .varchar, metadata: 8000), .init(type: .enumeration, metadata: 1),
      .init(type: .set, metadata: 8), .init(type: .bit, metadata: 1 | 1 << 8), .init(type: .json, metadata: 4),
      .init(type: .geometry, metadata: 4), .init(type: .vector, metadata: 4), .init(type: .blob, metadata: 2),
      .init(type: .float, metadata: 4), .init(type: .double, metadata: 8), .init(type: .timestamp2, metadata: 6),
      .init(type: .time2, metadata: 3), .init(type: .dateTime2), .init(type: .date), .init(type: .longLong),
    ]
    var metadata = TableMap.Metadata()
    metadata.isUnsigned = columns.indices.map { [1, 2, 20].contains($0) }
    metadata.collations = columns.map {
      switch $0.type {
      case .string, .varchar, .enumeration, .set: 255
      case .blob, .vector: 63
      default: 0
      }
    }
    metadata.columnNames = columns.indices.map { "c\($0)" }
    metadata.labels = columns.map {
      $0.type == .enumeration ? [[0x61], [0xC3, 0xBC]] : $0.type == .set ? [[0x78], [], [0x79]] : []
    }
    metadata.primaryKey = [6, 0]
    metadata.primaryKeyPrefixes = [300, 0]
    metadata.geometryTypes = columns.map { $0.type == .geometry ? 7 : nil }
    metadata.vectorDimensions = columns.map { $0.type == .vector ? 16383 : nil }
    metadata.isVisible = columns.indices.map { $0 != 3 }
    return TableMap(
      tableID: 0xFFFF_FFFF_FFFE, flags: 1, schema: "schéma", table: "t", columns: columns, metadata: metadata)
  }()

  private func encode(_ map: TableMap) -> [UInt8] {
    var writer = ByteWriter()
    map.encode(to: &writer)
    return writer.bytes.array
  }

  private func decode(_ bytes: [UInt8]) throws -> TableMap {
    try TableMapEvent(decoding: bytes.span.bytes, isMariaDB: false).tableMap()
  }

  @Test func everyFieldBothWays() throws {
    #expect(try decode(encode(Self.map)) == Self.map)
    var bare = Self.map
    bare.metadata = TableMap.Metadata()
    #expect(try decode(encode(bare)) == bare)
  }

  /// A default collation with exceptions, as servers write it, and a field that nobody knows.
  @Test func defaultCollationAndUnknownFields() throws {
    var bare = Self.map
    bare.metadata = TableMap.Metadata()
    let strings: [UInt8] = [2, 7, 255 - 10, 1, 8, 3, 252, 0, 9]
    let labels: [UInt8] = [10, 3, 33, 1, 8]
    let bytes = encode(bare) + [77, 2, 0, 0] + strings + labels
    let collations = try #require(try decode(bytes).metadata.collations)
    // string, string, varchar, vector, blob are the ones that have one.
    #expect([4, 5, 6, 12, 13].map { collations[$0] } == [245, 8, 245, 2304, 245])
    #expect([7, 8].map { collations[$0] } == [33, 8])
    #expect(collations[0] == 0)
  }

  @Test func theSameBytesButForTheNumber() throws {
    let bytes = encode(Self.map)
    var other = Self.map
    other.tableID = 5
    let event = try TableMapEvent(decoding: bytes.span.bytes, isMariaDB: false)
    let renumbered = encode(other)
    let isSame = event.isSame(as: renumbered.span.bytes)
    #expect(isSame)
    other.table = "u"
    let renamed = encode(other)
    let isOther = event.isSame(as: renamed.span.bytes)
    #expect(!isOther)
  }

  @Test func wrongEverywhere() throws {
    let bytes = encode(Self.map)
    for length in bytes.indices {
      let cut = Array(bytes[..<length])
      // A cut between two fields of the optional metadata is a map with fewer of them.
      guard let map = try? decode(cut) else { continue }
      #expect(map.columns == Self.map.columns)
    }
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<5000 {
      var broken = bytes
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        broken[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if let map = try? decode(broken) { _ = try? RowLayout(map.columns) }
    }
  }

  /// Types that are no column's, and metadata that would make impossible values.
  @Test func impossibleColumns() {
    let columns: [TableMap.Column] = [
      .init(type: ColumnType(rawValue: 200)), .init(type: .typedArray), .init(type: .blob, metadata: 5),
      .init(type: .dateTime2, metadata: 7), .init(type: .bit, metadata: 9), .init(type: .newDecimal, metadata: 66),
      .init(type: .newDecimal, metadata: 5 | 6 << 8), .init(type: .enumeration, metadata: 3),
      .init(type: .set, metadata: 9), .init(type: .float, metadata: 5),
    ]
    for column in columns {
      let map = TableMap(tableID: 1, flags: 0, schema: "s", table: "t", columns: [column])
      #expect(throws: WireError.self, "\(column)") { try decode(encode(map)) }
    }
  }
}
