// SPDX-License-Identifier: Apache-2.0

extension DataType {
  /// Whether its values are text in a character set.
  var isText: Bool {
    switch name {
    case "CHAR", "VARCHAR", "TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT", "ENUM", "SET": true
    default: false
    }
  }

  /// How the server stores a column of this type: the definition with everything but its constraints.
  ///
  /// - Parameter standard: the table's own collation, for a text column that names none; nil if it is not known.
  /// - Returns: nil for a type that neither server has, or a collation that is not in the directory.
  public func column(
    _ name: String, collations: CollationDirectory, standard: UInt16?, version: ServerVersion
  ) -> ColumnDefinition? {
    var column = ColumnDefinition(name: name, type: .null)
    if isText {
      guard let collation = collation(collations, standard, version) else { return nil }
      column.collation = collation
      return text(&column, collations) ? column : nil
    }
    let isStored =
      number(&column) || temporal(&column) || bytes(&column) || own(&column, collations, version)
    return isStored ? column : nil
  }

  private func collation(
    _ collations: CollationDirectory, _ standard: UInt16?, _ version: ServerVersion
  ) -> UInt16? {
    guard let found = characters.resolved(collations, standard: standard) else { return nil }
    guard isBinaryCollation, characters.collation == nil, let set = collations[found]?.characterSet else {
      return found
    }
    return set == "binary" ? found : collations.binary(of: set)?.id
  }

  private func number(_ column: inout ColumnDefinition) -> Bool {
    column.isUnsigned = isUnsigned
    switch name {
    case "TINYINT": column.type = .tiny
    case "SMALLINT": column.type = .short
    case "MEDIUMINT": column.type = .int24
    case "INT": column.type = .long
    case "BIGINT": column.type = .longLong
    case "FLOAT":
      // "A precision from 24 to 53 results in an 8-byte double-precision DOUBLE column."
      let isDouble = scale == nil && (length ?? 0) > 24
      column.type = isDouble ? .double : .float
      column.metadata = isDouble ? 8 : 4
    case "DOUBLE":
      column.type = .double
      column.metadata = 8
    case "DECIMAL":
      // "The default value of M is 10", and DECIMAL(0) is the same.
      let precision = length.map { $0 == 0 && (scale ?? 0) == 0 ? 10 : $0 } ?? 10
      guard (0...65).contains(precision), (0...38).contains(scale ?? 0) else { return false }
      column.type = .newDecimal
      column.metadata = UInt16(precision) | UInt16(scale ?? 0) << 8
    case "BIT":
      let bits = length ?? 1
      guard (1...64).contains(bits) else { return false }
      column.type = .bit
      column.metadata = UInt16(bits % 8) | UInt16(bits / 8) << 8
      column.isUnsigned = false
    default:
      column.isUnsigned = false
      return false
    }
    return true
  }

  private func temporal(_ column: inout ColumnDefinition) -> Bool {
    let digits = UInt16(clamping: length ?? 0)
    switch name {
    case "DATE": column.type = .date
    case "YEAR": column.type = .year
    case "TIME": column.type = isOldTemporal ? .time : .time2
    case "DATETIME": column.type = isOldTemporal ? .dateTime : .dateTime2
    case "TIMESTAMP": column.type = isOldTemporal ? .timestamp : .timestamp2
    default: return false
    }
    if name != "DATE", name != "YEAR" { column.metadata = digits }
    return digits <= 6 || name == "YEAR"
  }

  private func bytes(_ column: inout ColumnDefinition) -> Bool {
    column.collation = CollationDirectory.binary
    switch name {
    case "BINARY": fixed(&column, bytes: length ?? 1)
    case "VARBINARY": varying(&column, bytes: length ?? 0)
    case "TINYBLOB": blob(&column, lengthBytes: 1)
    case "BLOB": blob(&column, lengthBytes: length.map { Self.lengthBytes($0) } ?? 2)
    case "MEDIUMBLOB": blob(&column, lengthBytes: 3)
    case "LONGBLOB": blob(&column, lengthBytes: 4)
    default:
      column.collation = 0
      return false
    }
    return true
  }

  private func text(_ column: inout ColumnDefinition, _ collations: CollationDirectory) -> Bool {
    guard let collation = collations[column.collation] else { return false }
    let bytes = (length ?? 1).multipliedReportingOverflow(by: collation.bytesPerCharacterMax)
    guard !bytes.overflow, bytes.partialValue >= 0 else { return false }
    switch name {
    case "CHAR": fixed(&column, bytes: bytes.partialValue)
    case "VARCHAR": varying(&column, bytes: length == nil ? 0 : bytes.partialValue)
    case "TINYTEXT": blob(&column, lengthBytes: 1)
    case "TEXT": blob(&column, lengthBytes: length == nil ? 2 : Self.lengthBytes(bytes.partialValue))
    case "MEDIUMTEXT": blob(&column, lengthBytes: 3)
    case "LONGTEXT": blob(&column, lengthBytes: 4)
    case "ENUM":
      column.type = .enumeration
      column.metadata = labels.count < 256 ? 1 : 2
      column.labels = storedLabels(collation)
    case "SET":
      // "A SET … occupies (N+7)/8 bytes, rounded up to 1, 2, 3, 4, or 8 bytes."
      guard !labels.isEmpty, labels.count <= 64 else { return false }
      let width = (labels.count + 7) / 8
      column.type = .set
      column.metadata = UInt16(width > 4 ? 8 : width)
      column.labels = storedLabels(collation)
    default: return false
    }
    return true
  }

  /// "Trailing spaces are automatically deleted from ENUM [SET] member values … when a table is created."
  private func storedLabels(_ collation: Collation) -> [String] {
    guard collation.id != CollationDirectory.binary else { return labels }
    return labels.map { label in
      var label = label[...]
      while label.last == " " { label.removeLast() }
      return String(label)
    }
  }

  private func fixed(_ column: inout ColumnDefinition, bytes: Int) {
    column.type = .string
    column.metadata = UInt16(clamping: bytes)
  }

  /// What is longer than a row becomes a TEXT or BLOB, where the mode is not strict.
  private func varying(_ column: inout ColumnDefinition, bytes: Int) {
    if bytes > 65_535 { return blob(&column, lengthBytes: Self.lengthBytes(bytes)) }
    column.type = isCompressed ? .varcharCompressed : .varchar
    // MariaDB's compressed values have one byte more, which says how they are packed.
    column.metadata = UInt16(clamping: isCompressed ? bytes + 1 : bytes)
  }

  private func blob(_ column: inout ColumnDefinition, lengthBytes: Int) {
    column.type = isCompressed ? .blobCompressed : .blob
    column.metadata = UInt16(lengthBytes)
  }

  /// "MySQL creates the column as the smallest BLOB [TEXT] type large enough to hold values M bytes long."
  static func lengthBytes(_ bytes: Int) -> Int {
    switch bytes {
    case ..<0x100: 1
    case ..<0x1_0000: 2
    case ..<0x100_0000: 3
    default: 4
    }
  }

  /// The types that one of the servers has of its own.
  private func own(
    _ column: inout ColumnDefinition, _ collations: CollationDirectory, _ version: ServerVersion
  ) -> Bool {
    let isMariaDB = version.flavor == .mariaDB
    switch name {
    case "GEOMETRY", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON",
      "GEOMETRYCOLLECTION":
      column.type = .geometry
      column.metadata = 4
    case "JSON" where isMariaDB:
      // "JSON is an alias for LONGTEXT COLLATE utf8mb4_bin", with CHECK (json_valid(column)).
      guard let binary = collations.named("utf8mb4_bin") else { return false }
      column.collation = binary.id
      blob(&column, lengthBytes: 4)
      column.refinement = .json
    case "JSON":
      column.type = .json
      column.metadata = 4
    case "VECTOR" where isMariaDB:
      column.collation = CollationDirectory.binary
      varying(&column, bytes: 4 * min(length ?? 0, 20_000))
      column.refinement = .vector
    case "VECTOR":
      column.type = .vector
      column.metadata = 4
    case "INET4" where isMariaDB: fixedBytes(&column, 4, .inet4)
    case "INET6" where isMariaDB: fixedBytes(&column, 16, .inet6)
    case "UUID" where isMariaDB: fixedBytes(&column, 16, .uuid)
    default: return false
    }
    return true
  }

  private func fixedBytes(_ column: inout ColumnDefinition, _ bytes: Int, _ refinement: ColumnDefinition.Refinement) {
    fixed(&column, bytes: bytes)
    column.collation = CollationDirectory.binary
    column.refinement = refinement
  }
}
