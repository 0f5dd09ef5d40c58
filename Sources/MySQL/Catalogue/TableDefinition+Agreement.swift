// SPDX-License-Identifier: Apache-2.0

extension TableDefinition {
  /// Whether the log's TABLE_MAP is of the table that this definition describes.
  public enum Agreement: Hashable, Sendable {
    case same
    /// Full metadata names columns or labels, signs or collations otherwise: the definition with what it says.
    case namesDiffer(TableDefinition)
    /// Rows cannot be read with this definition.
    case disagrees(String)
  }

  /// Compares what the log's values depend on. Without the optional metadata: number of columns, types, their metadata
  /// and nullability.
  ///
  /// The map may have more columns than the definition: MariaDB has hidden ones behind the others, in which it keeps
  /// the hash of a long unique key (`DB_ROW_HASH_1`).
  public func agreement(with map: TableMap, collations: CollationDirectory) -> Agreement {
    guard map.columns.count >= columns.count,
      map.columns.indices.dropFirst(columns.count).allSatisfy({ Self.isHidden(map, $0) })
    else { return .disagrees("the log has \(map.columns.count) columns and the definition \(columns.count)") }
    for (column, logged) in zip(columns, map.columns) {
      if let difference = Self.difference(column, logged) { return .disagrees("\(column.name): \(difference)") }
    }
    let updated = updated(with: map, collations)
    return updated == self ? .same : .namesDiffer(updated)
  }

  private static func isHidden(_ map: TableMap, _ index: Int) -> Bool {
    let column = map.columns[index]
    if let names = map.metadata.columnNames {
      return index < names.count && names[index].hasPrefix("DB_ROW_HASH_")
    }
    return column.type == .longLong && column.isNullable
  }

  private static func difference(_ column: ColumnDefinition, _ logged: TableMap.Column) -> String? {
    if column.type != logged.type {
      return "type \(logged.type.rawValue) in the log, \(column.type.rawValue) in the definition"
    }
    if column.isNullable != logged.isNullable {
      return logged.isNullable ? "may be null in the log" : "may not be null in the log"
    }
    switch column.type {
    case .time, .dateTime, .timestamp:
      // The log does not say how many digits they have, and so not how long they are.
      return column.metadata == 0 ? nil : "fractions in MariaDB's old format (ALTER TABLE … FORCE brings the new one)"
    default:
      if column.metadata == logged.metadata { return nil }
      return "metadata \(logged.metadata) in the log, \(column.metadata) in the definition"
    }
  }

  // MARK: Optional metadata

  /// The definition with what the optional metadata says.
  private func updated(with map: TableMap, _ collations: CollationDirectory) -> TableDefinition {
    var updated = self
    let metadata = map.metadata
    for index in columns.indices {
      if let names = metadata.columnNames, index < names.count { updated.columns[index].name = names[index] }
      // YEAR, of which the log says so too, has no sign to choose.
      let hasSign = columns[index].type.hasSign && columns[index].type != .year
      if let signs = metadata.isUnsigned, index < signs.count, hasSign {
        updated.columns[index].isUnsigned = signs[index]
      }
      if let logged = metadata.collations, index < logged.count, logged[index] != 0, columns[index].collation != 0 {
        updated.columns[index].collation = logged[index]
      }
      if let labels = metadata.labels, index < labels.count, !labels[index].isEmpty {
        let set = collations[updated.columns[index].collation]?.characterSet ?? ""
        let decoded = labels[index].compactMap { CharacterSetText.decode($0, set) }
        if decoded.count == labels[index].count { updated.columns[index].labels = decoded }
      }
    }
    // For a table without a primary key the servers name a unique key in its place that cannot be null.
    if let key = metadata.primaryKey, !primaryKey.isEmpty, key.allSatisfy({ $0 < map.columns.count }) {
      updated.primaryKey = key.filter { $0 < columns.count }.map { updated.columns[$0].name }
    }
    return updated
  }
}
