// SPDX-License-Identifier: Apache-2.0
//
//   { type   length  value }      each type at most once; values are about some of the columns, in their order
//     UInt8  packed
internal import Wire

extension ColumnType {
  /// Types that the log says signedness of: YEAR too (seen in logs of MySQL 9.7 and MariaDB 10.11), which is unsigned.
  var hasSign: Bool {
    switch self {
    case .tiny, .short, .int24, .long, .longLong, .newDecimal, .float, .double, .year: true
    default: false
    }
  }

  /// Types that the log says a collation of, ENUM and SET aside: `binary` for bytes. MySQL counts VECTOR,
  /// MariaDB geometries.
  func hasCollation(_ isMariaDB: Bool) -> Bool {
    switch self {
    case .geometry: isMariaDB
    case .vector: !isMariaDB
    case .string, .varString, .varchar, .varcharCompressed, .blob, .tinyBlob, .mediumBlob, .longBlob, .blobCompressed:
      true
    default: false
    }
  }

  var hasLabels: Bool { self == .enumeration || self == .set }
}

extension TableMap.Metadata {
  /// Table_map_event::Optional_metadata_field_type.
  private enum Field: UInt8 {
    case signedness = 1
    case defaultCharset, columnCharset, columnName, setLabels, enumLabels, geometryType, primaryKey
    case primaryKeyWithPrefix, enumAndSetDefaultCharset, enumAndSetColumnCharset, visibility, vectorDimensions
  }

  /// Fields of a number that is not known are passed over.
  init(decoding bytes: RawSpan, columns: [TableMap.Column], isMariaDB: Bool) throws(WireError) {
    self.init()
    var reader = ByteReader(bytes)
    while !reader.isAtEnd {
      let number = try reader.byte()
      let length = try reader.lengthEncodedCount()
      let start = reader.offset
      var value = ByteReader(try reader.bytes(length))
      guard let field = Field(rawValue: number) else { continue }
      do throws(WireError) {
        try decode(field, from: &value, columns: columns, isMariaDB)
        try value.end("")
      } catch {
        throw WireError(error.reason, offset: start + error.offset)
      }
    }
  }

  @_lifetime(reader: copy reader)
  private mutating func decode(
    _ field: Field, from reader: inout ByteReader, columns: [TableMap.Column], _ isMariaDB: Bool
  ) throws(WireError) {
    switch field {
    case .signedness:
      isUnsigned = try Self.bits(of: { $0.hasSign }, from: &reader, columns: columns)
    case .visibility: isVisible = try Self.bits(of: { _ in true }, from: &reader, columns: columns)
    case .defaultCharset: try decodeDefault(of: { $0.hasCollation(isMariaDB) }, from: &reader, columns: columns)
    case .enumAndSetDefaultCharset: try decodeDefault(of: { $0.hasLabels }, from: &reader, columns: columns)
    case .columnCharset: try decodeCollations(of: { $0.hasCollation(isMariaDB) }, from: &reader, columns: columns)
    case .enumAndSetColumnCharset: try decodeCollations(of: { $0.hasLabels }, from: &reader, columns: columns)
    case .columnName:
      var names: [String] = []
      for _ in columns { names.append(String(decoding: try reader.lengthEncodedBytes())) }
      columnNames = names
    case .setLabels: try decodeLabels(of: .set, from: &reader, columns: columns)
    case .enumLabels: try decodeLabels(of: .enumeration, from: &reader, columns: columns)
    case .geometryType: geometryTypes = try Self.numbers(of: .geometry, from: &reader, columns: columns)
    case .vectorDimensions: vectorDimensions = try Self.numbers(of: .vector, from: &reader, columns: columns)
    case .primaryKey, .primaryKeyWithPrefix:
      var key: [Int] = []
      var prefixes: [Int] = []
      while !reader.isAtEnd {
        key.append(try Self.index(from: &reader, below: columns.count))
        if field == .primaryKeyWithPrefix { prefixes.append(Int(clamping: try reader.lengthEncoded())) }
      }
      primaryKey = key
      primaryKeyPrefixes = field == .primaryKeyWithPrefix ? prefixes : nil
    }
  }

  @_lifetime(reader: copy reader)
  private static func index(from reader: inout ByteReader, below count: Int) throws(WireError) -> Int {
    let start = reader.offset
    let index = try reader.lengthEncoded()
    guard index < UInt64(count) else { throw WireError(.badValue("no such column"), offset: start) }
    return Int(index)
  }

  /// One bit for each column of a kind, the first in the highest bit of the first byte; the rest is false.
  @_lifetime(reader: copy reader)
  private static func bits(
    of isCounted: (ColumnType) -> Bool, from reader: inout ByteReader, columns: [TableMap.Column]
  ) throws(WireError) -> [Bool] {
    let bits = reader.rest()
    var next = 0
    var values: [Bool] = []
    for column in columns {
      guard isCounted(column.type) else {
        values.append(false)
        continue
      }
      guard next >> 3 < bits.byteCount else {
        throw WireError(.short(needed: next / 8 + 1, available: bits.byteCount), offset: 0)
      }
      values.append(bits[next >> 3] << UInt8(next & 7) & 0x80 != 0)
      next += 1
    }
    return values
  }

  @_lifetime(reader: copy reader)
  private static func numbers(
    of type: ColumnType, from reader: inout ByteReader, columns: [TableMap.Column]
  ) throws(WireError) -> [UInt64?] {
    var values: [UInt64?] = []
    for column in columns { values.append(column.type == type ? try reader.lengthEncoded() : nil) }
    return values
  }

  @_lifetime(reader: copy reader)
  private static func collation(from reader: inout ByteReader) throws(WireError) -> UInt16 {
    let start = reader.offset
    guard let collation = UInt16(exactly: try reader.lengthEncoded()) else {
      throw WireError(.badValue("no collation"), offset: start)
    }
    return collation
  }

  /// A collation for all columns of a kind, then pairs of a column's place among them and its own collation.
  @_lifetime(reader: copy reader)
  private mutating func decodeDefault(
    of isCounted: (ColumnType) -> Bool, from reader: inout ByteReader, columns: [TableMap.Column]
  ) throws(WireError) {
    let places = columns.indices.filter { isCounted(columns[$0].type) }
    var values = collations ?? [UInt16](repeating: 0, count: columns.count)
    let standard = try Self.collation(from: &reader)
    for place in places { values[place] = standard }
    while !reader.isAtEnd {
      let index = try Self.index(from: &reader, below: places.count)
      values[places[index]] = try Self.collation(from: &reader)
    }
    collations = values
  }

  @_lifetime(reader: copy reader)
  private mutating func decodeCollations(
    of isCounted: (ColumnType) -> Bool, from reader: inout ByteReader, columns: [TableMap.Column]
  ) throws(WireError) {
    var values = collations ?? [UInt16](repeating: 0, count: columns.count)
    for index in columns.indices where isCounted(columns[index].type) {
      values[index] = try Self.collation(from: &reader)
    }
    collations = values
  }

  @_lifetime(reader: copy reader)
  private mutating func decodeLabels(
    of type: ColumnType, from reader: inout ByteReader, columns: [TableMap.Column]
  ) throws(WireError) {
    var all = labels ?? [[[UInt8]]](repeating: [], count: columns.count)
    for index in columns.indices where columns[index].type == type {
      let count = try reader.lengthEncodedCount()
      for _ in 0..<count { all[index].append(try reader.lengthEncodedBytes().array) }
    }
    labels = all
  }

  /// The fields in the server's order; collations are written for each column.
  func encode(columns: [TableMap.Column], isMariaDB: Bool, to writer: inout ByteWriter) {
    if let isUnsigned {
      Self.append(.signedness, Self.bits(isUnsigned, of: { $0.hasSign }, columns), &writer)
    }
    if let collations {
      let places = columns.indices.filter { columns[$0].type.hasCollation(isMariaDB) }
      Self.append(.columnCharset, Self.numbers(places.map { UInt64(collations[$0]) }), &writer)
      let labelled = columns.indices.filter { columns[$0].type.hasLabels }
      Self.append(.enumAndSetColumnCharset, Self.numbers(labelled.map { UInt64(collations[$0]) }), &writer)
    }
    if let columnNames {
      var value = ByteWriter()
      for name in columnNames { value.append(lengthEncoded: name) }
      Self.append(.columnName, value.bytes.array, &writer)
    }
    if let labels {
      for (field, type) in [(Field.setLabels, ColumnType.set), (.enumLabels, .enumeration)] {
        var value = ByteWriter()
        for index in columns.indices where columns[index].type == type {
          value.append(lengthEncoded: UInt64(labels[index].count))
          for label in labels[index] { value.append(lengthEncoded: label) }
        }
        Self.append(field, value.bytes.array, &writer)
      }
    }
    if let geometryTypes { Self.append(.geometryType, Self.numbers(geometryTypes.compactMap { $0 }), &writer) }
    if let primaryKey {
      if let primaryKeyPrefixes {
        let pairs = zip(primaryKey, primaryKeyPrefixes).flatMap { [UInt64($0), UInt64($1)] }
        Self.append(.primaryKeyWithPrefix, Self.numbers(pairs), &writer)
      } else {
        Self.append(.primaryKey, Self.numbers(primaryKey.map { UInt64($0) }), &writer)
      }
    }
    if let isVisible { Self.append(.visibility, Self.bits(isVisible, of: { _ in true }, columns), &writer) }
    if let vectorDimensions {
      Self.append(.vectorDimensions, Self.numbers(vectorDimensions.compactMap { $0 }), &writer)
    }
  }

  private static func append(_ field: Field, _ value: [UInt8], _ writer: inout ByteWriter) {
    if value.isEmpty { return }
    writer.append(field.rawValue)
    writer.append(lengthEncoded: value)
  }

  private static func numbers(_ values: [UInt64]) -> [UInt8] {
    var writer = ByteWriter()
    for value in values { writer.append(lengthEncoded: value) }
    return writer.bytes.array
  }

  private static func bits(
    _ values: [Bool], of isCounted: (ColumnType) -> Bool, _ columns: [TableMap.Column]
  ) -> [UInt8] {
    let counted = columns.indices.filter { isCounted(columns[$0].type) }
    var bytes = [UInt8](repeating: 0, count: (counted.count + 7) / 8)
    for (next, index) in counted.enumerated() where values[index] { bytes[next / 8] |= 0x80 >> UInt8(next % 8) }
    return bytes
  }
}
