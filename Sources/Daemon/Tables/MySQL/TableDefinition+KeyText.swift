// SPDX-License-Identifier: Apache-2.0
internal import MySQL

extension TableDefinition {
  /// Whether each row has the same key as it had by an earlier definition.
  func hasKeyText(of earlier: TableDefinition, key: [String], _ collations: CollationDirectory) -> Bool {
    key.allSatisfy { name in
      guard let now = columns.first(where: { $0.name == name }),
        let before = earlier.columns.first(where: { $0.name == name })
      else { return false }
      return now.hasText(of: before, collations)
    }
  }
}

extension ColumnDefinition {
  /// Whether each value has the same text as it had in the column as it was. False where that is not certain.
  fileprivate func hasText(of earlier: ColumnDefinition, _ collations: CollationDirectory) -> Bool {
    guard refinement == earlier.refinement, isUnsigned == earlier.isUnsigned, labels.starts(with: earlier.labels),
      collations[collation]?.characterSet == collations[earlier.collation]?.characterSet
    else { return false }
    if type == earlier.type, metadata == earlier.metadata { return true }
    // Room for more.
    if let bytes = type.integerBytes, let before = earlier.type.integerBytes { return bytes >= before }
    return type == .varchar && earlier.type == .varchar && metadata >= earlier.metadata
  }
}

extension ColumnType {
  /// TINYINT to BIGINT.
  fileprivate var integerBytes: Int? {
    switch self {
    case .tiny: 1
    case .short: 2
    case .int24: 3
    case .long: 4
    case .longLong: 8
    default: nil
    }
  }
}
