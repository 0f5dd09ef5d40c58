// SPDX-License-Identifier: Apache-2.0

/// The rows of a query as the server's text. For small results: large ones are for prepared statements.
public struct TextResult: Sendable {
  public private(set) var columns: [String] = []
  public private(set) var rows: [[[UInt8]?]] = []
  public package(set) var affectedRows: UInt64 = 0
  public package(set) var lastInsertID: UInt64 = 0
  public package(set) var warnings = 0
  private var bytes = 0
  private(set) var isOverflown = false

  public init() {}

  /// Of several result sets the last one stays.
  mutating func begin(columns: [String]) {
    self.columns = columns
    rows = []
  }

  mutating func append(_ row: [[UInt8]?], bytesMax: Int) {
    if isOverflown { return }
    for value in row { bytes += (value?.count ?? 0) + 16 }
    if bytes > bytesMax {
      isOverflown = true
      rows = []
    } else {
      rows.append(row)
    }
  }

  /// The value as text, nil if it is NULL or there is no such column or row.
  public func text(row: Int, _ name: String) -> String? {
    // Servers differ in how they write the names of their own tables' columns.
    guard rows.indices.contains(row), let column = columns.firstIndex(where: { $0.lowercased() == name.lowercased() })
    else { return nil }
    return text(row: row, column: column)
  }

  /// The value of the column with this index.
  public func text(row: Int, column: Int) -> String? {
    guard rows.indices.contains(row), rows[row].indices.contains(column), let value = rows[row][column] else {
      return nil
    }
    return String(decoding: value, as: UTF8.self)
  }

  /// The first row's first value; nil if there is none.
  public var scalar: String? { text(row: 0, column: 0) }
}
