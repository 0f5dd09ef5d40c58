// SPDX-License-Identifier: Apache-2.0
internal import Postgres
internal import Wire

/// What etcd holds of one table, kept in etcd beside the checkpoint: enough to see, at the next start, what must be
/// dumped again and what must go.
struct TableState: Equatable {
  enum Progress: String {
    /// A dump of it has begun: what is there may be half of it.
    case dumping
    case ready
  }

  var schema: String
  var table: String
  var oid: UInt32
  var progress: Progress
  /// Transactions that commit before it are in the dump.
  var from: LSN
  var columns: [String]
  var key: [String]
  /// How its values are written (`sync.storage` and the others, columns left out or hashed).
  var format: String
  /// Where its rows are, so that they can be removed although the table or the key template is another one.
  var prefix: String
  /// The partitions whose rows are there, with their files.
  var partitions: [String]
  /// By which entry of which publication its changes have come.
  var publication: String
  /// The columns as the catalogue had them; empty in a state of an earlier version.
  var entries: [ColumnEntry]
  /// The table's file of that time.
  var file: UInt32

  var name: String { "\(schema).\(table)" }

  init(of table: ChosenTable, format: String, progress: Progress, from: LSN) {
    self.format = format
    schema = table.description.schema
    self.table = table.description.name
    oid = table.description.oid
    self.progress = progress
    self.from = from
    columns = table.shape.fingerprint
    key = table.key
    prefix = String(decoding: table.prefix, as: UTF8.self)
    partitions = table.description.partitions.map(\.text)
    publication = table.publication
    entries = table.entries
    file = table.description.file
  }

  func encoded() -> [UInt8] {
    JSONObject.encoded([
      ("schema", .string(schema)), ("table", .string(table)), ("oid", .number(Int(oid))),
      ("progress", .string(progress.rawValue)), ("from", .string("\(from)")),
      ("columns", .array(columns.map { .string($0) })), ("key", .array(key.map { .string($0) })),
      ("format", .string(format)), ("prefix", .string(prefix)),
      ("partitions", .array(partitions.map { .string($0) })),
      ("publication", .string(publication)),
      ("entries", .array(entries.map { .string($0.text) })), ("file", .number(Int(file))),
    ])
  }

  init(decoding bytes: [UInt8]) throws(WireError) {
    let object = try JSONObject(decoding: bytes)
    guard let schema = object["schema"]?.text, let table = object["table"]?.text,
      let oid = object["oid"]?.integer.flatMap({ UInt32(exactly: $0) }),
      let progress = object["progress"]?.text.flatMap(Progress.init(rawValue:)),
      let from = object["from"]?.text.flatMap({ LSN($0) }), let columns = object["columns"]?.array,
      let key = object["key"]?.array, let prefix = object["prefix"]?.text,
      let format = object["format"]?.text
    else { throw WireError(.badValue("not a table's state"), offset: 0, context: "table state") }
    self.schema = schema
    self.table = table
    self.oid = oid
    self.progress = progress
    self.from = from
    self.columns = columns.compactMap(\.text)
    self.key = key.compactMap(\.text)
    self.prefix = prefix
    partitions = object["partitions"]?.array?.compactMap(\.text) ?? []
    publication = object["publication"]?.text ?? ""
    entries = object["entries"]?.array?.compactMap { $0.text.flatMap { ColumnEntry($0) } } ?? []
    file = object["file"]?.integer.flatMap { UInt32(exactly: $0) } ?? 0
    self.format = format
  }
}
