// SPDX-License-Identifier: Apache-2.0
//
//   magic, format description, …, { GTID, BEGIN, TABLE_MAP, WRITE_ROWS …, XID } × n
import Daemon
import Glibc
import MySQL
import Wire

/// The binary log of a server that is running (`BENCH_LOG`, `BENCH_PORT`), or the beginning of it, in memory, and its
/// table as the server describes it.
final class LogFile {
  private var bytes = ByteWriter(capacity: 1 << 20)
  private var ends: [Int] = []
  private let table: TableDefinition
  private let catalogue: SchemaCatalogue
  private let facts: ServerFacts
  private let collations: CollationDirectory

  /// Bytes of the rows' transactions.
  var byteCount: Int { bytes.count }
  private(set) var rows = 0

  struct Failure: Error { let text: String }

  /// Transactions of 100 rows until `rowsMax` are there.
  init(rowsMax: Int) throws {
    guard let path = variable("BENCH_LOG"), let port = variable("BENCH_PORT").flatMap({ UInt16($0) }) else {
      throw Failure(text: "BENCH_LOG and BENCH_PORT are not set")
    }
    let options = MySQLOptions(
      hosts: ["127.0.0.1"], port: port, user: "sync", tlsMode: .disable, password: { "sync" })
    let connection = try MySQLConnection.open(options, loop: try PollLoop(), deadline: .after(.seconds(10)))
    let deadline = Deadline.after(.seconds(60))
    facts = try connection.serverFacts(deadline: deadline)
    collations = try connection.collations(deadline: deadline)
    catalogue = try connection.catalogue(schemas: ["bench"], collations: collations, deadline: deadline)
    guard let items = catalogue.tables.first(where: { $0.name.name == "items" }) else {
      throw Failure(text: "there is no table bench.items")
    }
    table = items.definition
    connection.close()
    try read(path, transactionsMax: rowsMax / 100)
    rows = min(rowsMax, rows)
  }

  private func read(_ path: String, transactionsMax: Int) throws {
    let file = unsafe fopen(path, "r")
    guard let file = unsafe file else { throw Failure(text: "\(path) cannot be read") }
    defer { unsafe fclose(file) }
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var start = BinlogDecoder.fileMagic.count
    var transactions = 0
    while transactions < transactionsMax {
      let count = unsafe fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      unsafe bytes.append(chunk.span.extracting(0..<count).bytes)
      while transactions < transactionsMax, bytes.count - start >= EventHeader.byteCount {
        let header = try EventHeader(decoding: bytes.bytes.extracting(start..<bytes.count))
        if bytes.count - start < Int(header.size) { break }
        start += Int(header.size)
        ends.append(start)
        if header.type == .xid { transactions += 1 }
      }
    }
    rows = transactions * 100
  }

  /// All events, as they came, into the daemon's applier; answers how many bytes became operations.
  func transcode() throws -> Int {
    let transcoder = try MySQLLogTranscoder(
      table: table, catalogue: catalogue, facts: facts, collations: collations,
      keyPrefix: Array("/sync/bench/items/".utf8), file: "binlog.000001")
    try bytes.withBytes { (all) throws(MySQLLogTranscoder.Failure) in
      var start = BinlogDecoder.fileMagic.count
      for end in ends {
        try transcoder.take(all.extracting(start..<end))
        start = end
      }
    }
    return transcoder.bytes
  }
}

private func variable(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}
