// SPDX-License-Identifier: Apache-2.0

/// A place between two transactions of a binary log. With GTIDs it is the set of transactions that are done, on
/// whichever server; file and offset say the same for the server with this UUID.
package struct MySQLPosition: Equatable, Sendable {
  /// The set of executed GTIDs (MySQL) or the last GTID of each domain (MariaDB); nil where GTIDs are off.
  package var gtid: String?
  package var file: String
  /// Bytes from the file's beginning.
  package var offset: UInt64
  /// `@@server_uuid`; MariaDB has none: there it is `server_id` in decimal.
  package var serverUUID: String
  /// XA transactions that are prepared before it and have no outcome yet.
  package var prepared: [PreparedTransaction]
  /// By which a log that was reset is known. Absent in older checkpoints.
  package var logFile: LogFileIdentity?

  package init(
    gtid: String?, file: String, offset: UInt64, serverUUID: String, prepared: [PreparedTransaction] = [],
    logFile: LogFileIdentity? = nil
  ) {
    self.gtid = gtid
    self.file = file
    self.offset = offset
    self.serverUUID = serverUUID
    self.prepared = prepared
    self.logFile = logFile
  }

  var members: JSONObject {
    var members: [(name: String, value: JSONValue)] = [
      ("gtid", gtid.map { .string($0) } ?? .null), ("file", .string(file)), ("offset", .number(Int(clamping: offset))),
      ("server_uuid", .string(serverUUID)),
    ]
    if let logFile { members.append(("log", .object(logFile.members))) }
    if !prepared.isEmpty { members.append(("prepared", .array(prepared.map { .object($0.members) }))) }
    return JSONObject(members)
  }

  init?(_ object: JSONObject) {
    guard let file = object["file"]?.text, let offset = object["offset"]?.integer.flatMap(UInt64.init(exactly:)),
      let uuid = object["server_uuid"]?.text
    else { return nil }
    self.init(
      gtid: object["gtid"]?.text, file: file, offset: offset, serverUUID: uuid,
      logFile: object["log"]?.object.flatMap(LogFileIdentity.init))
    for value in object["prepared"]?.array ?? [] {
      guard let transaction = value.object.flatMap(PreparedTransaction.init) else { return nil }
      prepared.append(transaction)
    }
  }
}

/// An XA transaction whose rows are in the log and whose outcome is not: where to read them again once it is.
package struct PreparedTransaction: Equatable, Sendable {
  /// As the server writes it in statements: `X'78',X'62',1`.
  package var xid: String
  /// Where it begins, on the server with this UUID.
  package var file: String
  package var offset: UInt64
  package var serverUUID: String
  /// The chosen tables that it changes.
  package var tables: [TableReference]

  package init(xid: String, file: String, offset: UInt64, serverUUID: String, tables: [TableReference]) {
    self.xid = xid
    self.file = file
    self.offset = offset
    self.serverUUID = serverUUID
    self.tables = tables
  }

  var members: JSONObject {
    JSONObject([
      ("xid", .string(xid)), ("file", .string(file)), ("offset", .number(Int(clamping: offset))),
      ("server_uuid", .string(serverUUID)),
      ("tables", .array(tables.map { .array([.string($0.schema), .string($0.table)]) })),
    ])
  }

  init?(_ object: JSONObject) {
    guard let xid = object["xid"]?.text, let file = object["file"]?.text,
      let offset = object["offset"]?.integer.flatMap(UInt64.init(exactly:)), let uuid = object["server_uuid"]?.text
    else { return nil }
    let tables = (object["tables"]?.array ?? []).compactMap { value -> TableReference? in
      guard let names = value.array?.compactMap(\.text), names.count == 2 else { return nil }
      return TableReference(schema: names[0], table: names[1])
    }
    self.init(xid: xid, file: file, offset: offset, serverUUID: uuid, tables: tables)
  }
}
