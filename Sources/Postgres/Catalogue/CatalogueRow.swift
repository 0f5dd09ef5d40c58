// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// One row of a catalogue query, read by position, with the types that our queries ask for.
struct CatalogueRow {
  private var values: ArraySlice<String?>
  private let connection: PostgresConnection

  init(_ values: [String?], of connection: PostgresConnection) {
    self.values = values[...]
    self.connection = connection
  }

  mutating func optionalText() throws(PostgresError) -> String? {
    guard let value = values.popFirst() else { throw connection.unreadable("a catalogue query") }
    return value
  }

  mutating func text() throws(PostgresError) -> String {
    guard let value = try optionalText() else { throw connection.unreadable("a catalogue query") }
    return value
  }

  mutating func number<T: FixedWidthInteger>(_: T.Type = T.self) throws(PostgresError) -> T {
    guard let value = T(try text()) else { throw connection.unreadable("a catalogue query") }
    return value
  }

  mutating func optionalNumber<T: FixedWidthInteger>(_: T.Type = T.self) throws(PostgresError) -> T? {
    try optionalText().flatMap { T($0) }
  }

  mutating func flag() throws(PostgresError) -> Bool { try text() == "t" }

  mutating func lsn() throws(PostgresError) -> LSN? { try optionalText().flatMap { LSN($0) } }

  /// Numbers joined by commas.
  mutating func numbers<T: FixedWidthInteger>(_: T.Type = T.self) throws(PostgresError) -> [T] {
    try optionalText().map { $0.split(separator: ",").compactMap { T($0) } } ?? []
  }

  /// One character, as the `"char"` columns of the catalogue have; 0 where it is empty.
  mutating func character() throws(PostgresError) -> UInt8 { try text().utf8.first ?? 0 }
}

extension PostgresConnection {
  /// The rows of a catalogue query, each made into a value.
  func rows<T>(
    _ text: String, deadline: Deadline, _ body: (inout CatalogueRow) throws(PostgresError) -> T
  ) throws(PostgresError) -> [T] {
    let result = try query(text, deadline: deadline, resultBytesMax: 1 << 30)
    var values: [T] = []
    values.reserveCapacity(result.rows.count)
    for row in result.rows {
      var reader = CatalogueRow(row, of: self)
      values.append(try body(&reader))
    }
    return values
  }

  /// `'{1,2,3}'::oid[]`
  static func oidArray(_ oids: some Collection<UInt32>) -> String {
    "'{\(oids.map { String($0) }.joined(separator: ","))}'::pg_catalog.oid[]"
  }
}
