// SPDX-License-Identifier: Apache-2.0
/// The rows of a simple query, as text.
public struct QueryResult: Sendable {
  public struct Column: Equatable, Sendable {
    public var name: String
    public var type: UInt32
    public var typeModifier: Int32
  }

  public private(set) var columns: [Column] = []
  public private(set) var rows: [[String?]] = []
  /// `SELECT 5`, `BEGIN`, `CREATE_REPLICATION_SLOT`; empty for an empty query.
  public package(set) var commandTag = ""
  private var bytes = 0
  package private(set) var isOverflown = false

  public init() {}

  mutating func begin(_ description: Backend.RowDescription) {
    columns = description.fields.map { Column(name: $0.name, type: $0.type, typeModifier: $0.typeModifier) }
    rows = []
  }

  mutating func append(_ row: Backend.DataRow, bytesMax: Int) {
    guard !isOverflown else { return }
    // A row without columns is not free either.
    bytes += 16
    for value in row.values { bytes += (value?.count ?? 0) + 16 }
    if bytes > bytesMax {
      isOverflown = true
      rows = []
      return
    }
    rows.append(row.values.map { value in value.map { String(decoding: $0, as: UTF8.self) } })
  }

  /// The value in the named column, nil if it is null or there is no such column.
  public func value(row: Int, _ name: String) -> String? {
    guard let column = columns.firstIndex(where: { $0.name == name }), column < rows[row].count else { return nil }
    return rows[row][column]
  }

  /// The value of a result of one row and one column; nil if there is none.
  public var scalar: String? { rows.first?.first ?? nil }
}
