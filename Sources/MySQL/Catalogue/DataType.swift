// SPDX-License-Identifier: Apache-2.0

/// A column's type as SQL has it, in a statement or in the catalogue's COLUMN_TYPE.
public struct DataType: Hashable, Sendable {
  /// The first word in upper case, synonyms replaced: INT also for INTEGER and INT4.
  public var name: String
  /// What stands in the parentheses: length or precision, and scale.
  public var length: Int?
  public var scale: Int?
  /// Of ENUM and SET.
  public var labels: [String] = []
  public var isUnsigned = false
  public var characters = CharacterSetChoice()
  /// The attribute BINARY: the character set's `_bin` collation.
  public var isBinaryCollation = false
  /// MariaDB: COMPRESSED.
  public var isCompressed = false
  /// MariaDB: a temporal type as it was stored before `mysql56_temporal_format`.
  public var isOldTemporal = false
  /// SERIAL, which is a constraint too.
  public var isSerial = false

  public init(_ name: String, length: Int? = nil, scale: Int? = nil) {
    self.name = name
    self.length = length
    self.scale = scale
  }

  /// Reads the catalogue's COLUMN_TYPE, which is what SHOW CREATE TABLE prints; its escapes are always those of strings
  /// with backslashes.
  public init?(columnType: String, version: ServerVersion) {
    var parser = SQLParser(Array(columnType.utf8), StatementContext(version: version))
    guard let type = parser.dataType() else { return nil }
    self = type
    if columnType.hasSuffix("/* mariadb-5.3 */") { isOldTemporal = true }
  }
}

extension SQLParser {
  /// A type with its attributes UNSIGNED, CHARACTER SET and so on; what follows is the column's.
  mutating func dataType() -> DataType? {
    let token = peek()
    guard token.kind == .word else { return nil }
    next()
    guard var type = namedType(token.keyword) else { return nil }
    if peek().isSign("(") {
      let content = parenthesized()
      if type.name == "ENUM" || type.name == "SET" {
        type.labels = content.filter { $0.kind == .string || $0.kind == .number }.map(\.text)
      } else {
        let numbers = content.filter { $0.kind == .number }.map { Int($0.text) }
        if let first = numbers.first { type.length = first }
        if numbers.count > 1 { type.scale = numbers[1] }
      }
    }
    while typeAttribute(&type) {}
    return type
  }

  /// After the type's first word: the further words of its name.
  private mutating func namedType(_ word: String) -> DataType? {
    switch word {
    case "NATIONAL":
      return accept(oneOf: ["VARCHAR", "VARCHARACTER"]) != nil ? national("VARCHAR") : characters(national: true)
    case "NCHAR":
      return accept(oneOf: ["VARCHAR", "VARCHARACTER", "VARYING"]) != nil ? national("VARCHAR") : national("CHAR")
    case "NVARCHAR": return national("VARCHAR")
    case "CHAR", "CHARACTER": return accept("VARYING") ? DataType("VARCHAR") : DataType("CHAR")
    case "LONG":
      if accept("VARBINARY") { return DataType("MEDIUMBLOB") }
      if accept(oneOf: ["CHAR", "CHARACTER"]) != nil { accept("VARYING") }
      accept(oneOf: ["VARCHAR", "VARCHARACTER"])
      return DataType("MEDIUMTEXT")
    case "DOUBLE":
      accept("PRECISION")
      return DataType("DOUBLE")
    case "REAL": return DataType(context.sqlMode.contains(.realAsFloat) ? "FLOAT" : "DOUBLE")
    case "BOOL", "BOOLEAN": return DataType("TINYINT", length: 1)
    case "SERIAL":
      var type = DataType("BIGINT")
      type.isUnsigned = true
      type.isSerial = true
      return type
    default: return DataType(Self.synonyms[word] ?? word)
    }
  }

  private func national(_ name: String) -> DataType {
    var type = DataType(name)
    type.characters.characterSet = "utf8mb3"
    return type
  }

  private mutating func characters(national: Bool) -> DataType? {
    guard accept(oneOf: ["CHAR", "CHARACTER"]) != nil else { return nil }
    return self.national(accept("VARYING") ? "VARCHAR" : "CHAR")
  }

  private static let synonyms = [
    "INTEGER": "INT", "INT1": "TINYINT", "INT2": "SMALLINT", "INT3": "MEDIUMINT", "MIDDLEINT": "MEDIUMINT",
    "INT4": "INT", "INT8": "BIGINT", "DEC": "DECIMAL", "NUMERIC": "DECIMAL", "FIXED": "DECIMAL", "FLOAT4": "FLOAT",
    "FLOAT8": "DOUBLE", "VARCHARACTER": "VARCHAR", "GEOMCOLLECTION": "GEOMETRYCOLLECTION",
  ]

  private mutating func typeAttribute(_ type: inout DataType) -> Bool {
    switch peek().keyword {
    case "UNSIGNED", "ZEROFILL": type.isUnsigned = true
    case "SIGNED": break
    case "BINARY": type.isBinaryCollation = true
    case "COMPRESSED":
      next()
      if accept(sign: "=") { next() }
      type.isCompressed = true
      return true
    case "ASCII": type.characters.characterSet = "latin1"
    case "UNICODE": type.characters.characterSet = "ucs2"
    case "BYTE": type.characters.characterSet = "binary"
    case "CHARSET", "CHARACTER", "CHAR", "COLLATE":
      return characterSetChoice(&type.characters)
    default: return false
    }
    next()
    return true
  }

  /// `CHARACTER SET [=] x`, `CHARSET [=] x` or `COLLATE [=] x`, if one comes next.
  mutating func characterSetChoice(_ choice: inout CharacterSetChoice) -> Bool {
    let isSet = accept("CHARSET") || accept("CHARACTER", "SET") || accept("CHAR", "SET")
    guard isSet || accept("COLLATE") else { return false }
    accept(sign: "=")
    let token = next()
    let value = token.kind == .word && token.keyword == "DEFAULT" ? "DEFAULT" : token.text.lowercased()
    if isSet { choice.characterSet = value } else { choice.collation = value }
    return true
  }
}
