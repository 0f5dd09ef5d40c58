// SPDX-License-Identifier: Apache-2.0

/// What must stand in etcd for the rows of a database. The keys and values come from the database itself
/// (`SourceDatabase.expectedRows`); no code of the daemon takes part.
public struct RowOracle: Sendable {
  /// The template's first part: rows are at `/{path}/{schema}/{table}/{key}`.
  public let path: String
  /// Only these tables, as `schema.table`; nil: all permanent ordinary tables with a primary key.
  public var tables: Set<String>?
  /// Key columns other than the primary key's.
  public var keys: [String: [String]] = [:]
  /// Columns that are left out, as `schema.table.column`.
  public var excludedColumns: Set<String> = []

  public init(path: String) { self.path = path }

  /// Compares every row with every key under the path, or under `prefix`, to the byte: texts that Unicode calls equal
  /// are not.
  public func compare(
    _ database: some SourceDatabase, with etcd: TestEtcd, under prefix: String? = nil
  ) throws -> RowDifferences {
    let rows = try database.expectedRows(self)
    var expected: [[UInt8]: String] = [:]
    for (key, value) in rows { expected[Array(key.utf8)] = value }
    guard expected.count == rows.count else { throw CommandError(description: "two rows have the same key") }
    var differences = RowDifferences(rows: expected.count)
    for entry in try etcd.get(prefix: prefix ?? "/\(path)/") {
      switch expected.removeValue(forKey: Array(entry.key.utf8)) {
      case nil: differences.extra.append(entry.key)
      case let value? where entry.value.elementsEqual(value.utf8): break
      case let value?: differences.different.append((entry.key, value, entry.text))
      }
    }
    differences.missing = expected.keys.map { String(decoding: $0, as: UTF8.self) }.sorted()
    return differences
  }

  /// The key of a row.
  func key(_ schema: String, _ table: String, _ components: some Sequence<String>) -> String {
    let key = components.map(Self.escaped).joined(separator: "/")
    return "/\(path)/\(Self.escaped(schema))/\(Self.escaped(table))/\(key)"
  }

  /// `%`, `/`, 0x00–0x1F and 0x7F as `%XX`.
  static func escaped(_ text: String) -> String {
    let hex = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "/") {
        bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// What is not equal between a database and etcd.
public struct RowDifferences: Sendable, CustomStringConvertible {
  /// Rows compared.
  public let rows: Int
  public internal(set) var missing: [String] = []
  public internal(set) var extra: [String] = []
  public internal(set) var different: [(key: String, expected: String, actual: String)] = []

  init(rows: Int) { self.rows = rows }

  public var isEmpty: Bool { missing.isEmpty && extra.isEmpty && different.isEmpty }

  public var description: String {
    var text = "\(rows) rows: \(missing.count) missing, \(extra.count) extra, \(different.count) different"
    if let key = missing.first { text += "\n  missing:   \(key)" }
    if let key = extra.first { text += "\n  extra:     \(key)" }
    if let (key, expected, actual) = different.first {
      text += "\n  different: \(key)\n    expected: \(expected)\n    actual:   \(actual)"
    }
    return text
  }
}
