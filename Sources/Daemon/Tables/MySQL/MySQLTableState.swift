// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

/// What etcd holds of one table of MySQL or MariaDB, kept in etcd beside the checkpoint: its definition as of the
/// checkpoint, by which older parts of the log are read, and from where on the log counts for it.
struct MySQLTableState: Equatable {
  var progress: TableState.Progress
  /// Transactions before it are in the table's dump. Nil: all of the log counts.
  var from: MySQLPosition?
  var definition: TableDefinition
  var key: [String]
  /// How its values are written (`sync.storage` and the others, columns left out or hashed).
  var format: String
  /// Where its rows are, so that they can be removed although the table or the key template is another one.
  var prefix: String

  var reference: TableReference { TableReference(schema: definition.schema, table: definition.name) }

  init(
    progress: TableState.Progress, from: MySQLPosition?, definition: TableDefinition, key: [String], format: String,
    prefix: String
  ) {
    self.progress = progress
    self.from = from
    self.definition = definition
    self.key = key
    self.format = format
    self.prefix = prefix
  }

  func encoded() -> [UInt8] {
    JSONObject.encoded([
      ("schema", .string(definition.schema)), ("table", .string(definition.name)),
      ("progress", .string(progress.rawValue)), ("from", from.map { .object($0.members) } ?? .null),
      ("columns", .array(definition.columns.map { .object($0.members) })),
      ("collation", .number(Int(definition.defaultCollation))),
      ("primary_key", .array(definition.primaryKey.map { .string($0) })), ("key", .array(key.map { .string($0) })),
      ("format", .string(format)), ("prefix", .string(prefix)),
    ])
  }

  init(decoding bytes: [UInt8]) throws(WireError) {
    let object = try JSONObject(decoding: bytes)
    guard let schema = object["schema"]?.text, let table = object["table"]?.text,
      let progress = object["progress"]?.text.flatMap(TableState.Progress.init(rawValue:)),
      let columns = object["columns"]?.array,
      let collation = object["collation"]?.integer.flatMap(UInt16.init(exactly:)),
      let primaryKey = object["primary_key"]?.array,
      let key = object["key"]?.array, let format = object["format"]?.text, let prefix = object["prefix"]?.text
    else { throw Self.malformed }
    var definition = TableDefinition(
      schema: schema, name: table, columns: [], primaryKey: primaryKey.compactMap(\.text), defaultCollation: collation)
    for column in columns {
      guard let known = column.object.flatMap(ColumnDefinition.init) else { throw Self.malformed }
      definition.columns.append(known)
    }
    var from: MySQLPosition?
    if let position = object["from"]?.object {
      guard let known = MySQLPosition(position) else { throw Self.malformed }
      from = known
    }
    self.init(
      progress: progress, from: from, definition: definition, key: key.compactMap(\.text), format: format,
      prefix: prefix)
  }

  private static var malformed: WireError {
    WireError(.badValue("not a table's state"), offset: 0, context: "table state")
  }
}

extension ColumnDefinition {
  var members: JSONObject {
    var members: [(name: String, value: JSONValue)] = [
      ("name", .string(name)), ("type", .number(Int(type.rawValue))), ("metadata", .number(Int(metadata))),
      ("collation", .number(Int(collation))), ("null", .boolean(isNullable)), ("unsigned", .boolean(isUnsigned)),
    ]
    if !labels.isEmpty { members.append(("labels", .array(labels.map { .string($0) }))) }
    if refinement != .none { members.append(("refinement", .string(refinement.rawValue))) }
    return JSONObject(members)
  }

  init?(_ object: JSONObject) {
    guard let name = object["name"]?.text, let type = object["type"]?.integer.flatMap(UInt8.init(exactly:)),
      let metadata = object["metadata"]?.integer.flatMap(UInt16.init(exactly:)),
      let collation = object["collation"]?.integer.flatMap(UInt16.init(exactly:)),
      case .boolean(let isNullable) = object["null"], case .boolean(let isUnsigned) = object["unsigned"]
    else { return nil }
    let refinement = object["refinement"].map { $0.text.flatMap(Refinement.init(rawValue:)) } ?? Refinement.none
    guard let refinement else { return nil }
    self.init(
      name: name, type: ColumnType(rawValue: type), metadata: metadata, isNullable: isNullable,
      isUnsigned: isUnsigned, collation: collation, labels: (object["labels"]?.array ?? []).compactMap(\.text),
      refinement: refinement)
  }
}
