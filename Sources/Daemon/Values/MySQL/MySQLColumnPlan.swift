// SPDX-License-Identifier: Apache-2.0
package import MySQL

extension MySQLColumnPlan {
  /// How a column of this definition is printed (docs: the table of types in the contract, section 4).
  init(
    _ column: ColumnDefinition, _ options: ValueOptions, _ characterSets: CharacterSets
  ) throws(RowPlanError) {
    let integer = column.isUnsigned ? ValueOperation.unsigned : .signed
    switch column.type {
    case .tiny, .short, .int24, .long:
      self.init(integer, literal: .integerText)
    case .longLong:
      self.init(integer, literal: .integerText)
      if options.bigint == .string { quotes = .plain }
    case .year: self.init(.year, result: .unsigned, literal: .integerText)
    case .bit: self.init(.bits)
    case .float: self.init(.float, literal: .floatText)
    case .double: self.init(.double, literal: .doubleText)
    case .newDecimal:
      self.init(.packedDecimal, result: .decimalText)
      decimal = PackedDecimal(precision: UInt8(column.metadata & 0xFF), scale: UInt8(column.metadata >> 8))
      if options.decimal == .string { quotes = .plain }
    case .date, .newDate, .timestamp, .timestamp2, .dateTime, .dateTime2, .time, .time2:
      self.init(temporal: column)
    case .json: self.init(.binaryJSON, result: .serverJSON)
    case .enumeration, .set: self.init(labelled: column)
    case .geometry: self.init(.geometry)
    case .vector: self.init(.vector)
    case .string, .varString, .varchar, .varcharCompressed, .tinyBlob, .blob, .mediumBlob, .longBlob, .blobCompressed:
      try self.init(string: column, options, characterSets)
    default: throw .unsupported(column: column.name, type: column.type.rawValue)
    }
  }

  private init(temporal column: ColumnDefinition) {
    switch column.type {
    case .timestamp2: self.init(.loggedTimestamp, result: .resultDateTime, literal: .dateTimeText)
    case .dateTime2: self.init(.loggedDateTime, result: .resultDateTime, literal: .dateTimeText)
    case .time2: self.init(.loggedTime, result: .resultTime, literal: .utf8)
    case .timestamp: self.init(.oldTimestamp, result: .resultDateTime, literal: .dateTimeText)
    case .dateTime: self.init(.oldDateTime, result: .resultDateTime, literal: .dateTimeText)
    case .time: self.init(.oldTime, result: .resultTime, literal: .utf8)
    default: self.init(.loggedDate, result: .resultDate, literal: .dateText)
    }
    quotes = literal == .utf8 ? .escaped : .plain
    fractionDigits = UInt8(min(column.metadata, 6))
    hasZone = column.type == .timestamp || column.type == .timestamp2
  }

  private init(labelled column: ColumnDefinition) {
    let isText = MySQLRowPlan.isSelectedAsText(column)
    if column.type == .set {
      self.init(.labelSet, result: isText ? .labelSetText : .labelSet, literal: .labelSetText)
    } else {
      self.init(.label, result: isText ? .utf8 : .label, literal: .utf8)
      quotes = .escaped
    }
    labelCount = Int32(column.labels.count)
  }

  private init(
    string column: ColumnDefinition, _ options: ValueOptions, _ characterSets: CharacterSets
  ) throws(RowPlanError) {
    let isBinary = column.collation == 63
    switch column.refinement {
    case .none where isBinary: self.init(options.binary == .base64 ? .base64 : .hex)
    case .none: self.init(.encoded, result: .utf8)
    case .json: self.init(.encodedJSON, result: .jsonText)
    case .inet4: self.init(.inet4, result: .utf8)
    case .inet6: self.init(.inet6, result: .utf8)
    case .uuid: self.init(.uuid, result: .utf8)
    case .vector: self.init(.vector)
    }
    isCompressed = column.type == .varcharCompressed || column.type == .blobCompressed
    switch column.refinement {
    case .none:
      quotes = isBinary ? .plain : .escaped
      if isBinary, column.type == .string { paddedCount = Int32(column.metadata) }
    case .inet4: paddedCount = 4
    case .inet6, .uuid: paddedCount = 16
    case .json, .vector: break
    }
    if result == .utf8, quotes == .none { quotes = .escaped }
    guard log == .encoded || log == .encodedJSON else { return }
    guard let encoding = characterSets.encoding(of: column.collation) else {
      throw .unknownCollation(column: column.name, column.collation)
    }
    self.encoding = encoding
    if log == .encoded, encoding == .utf8 { log = .utf8 }
    if log == .encodedJSON, encoding == .utf8 || encoding == .binary { log = .jsonText }
  }
}

extension MySQLColumnPlan {
  /// As `hash` has it: the operations print the text of which the digest is made.
  mutating func hash() {
    treatment = .hash
    quotes = .plain
    // A binary column's text is its bytes, whatever `sync.binary` says.
    if log == .base64 || log == .hex {
      log = .bytes
      result = .bytes
      literal = .bytes
    }
  }
}

extension MySQLRowPlan {
  /// What the dump selects for a column, given its quoted name: ENUM and SET as numbers, which is exact (a label may be
  /// empty) and what the log has, if we know the labels; everything else as it is.
  package static func selectExpression(for column: ColumnDefinition, quoted name: String) -> String {
    switch column.type {
    case .enumeration where !isSelectedAsText(column), .set where !isSelectedAsText(column):
      "CAST(\(name) AS UNSIGNED)"
    default: name
    }
  }

  /// Of a SET with an empty label the text does not tell whether it has that label or none.
  static func isSelectedAsText(_ column: ColumnDefinition) -> Bool {
    column.hasDoubtfulLabels && (column.type == .enumeration || !column.labels.contains(""))
  }

  /// Whether a dump file's literal of this column gives the same bytes as the log. A FLOAT has six digits there; of a
  /// SET with an empty label nobody can tell whether it has that label or none.
  package static func isExactInLiterals(_ column: ColumnDefinition) -> Bool {
    switch column.type {
    case .float: false
    case .set: !column.labels.contains("")
    default: true
    }
  }
}
