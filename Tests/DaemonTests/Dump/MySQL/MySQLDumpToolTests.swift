// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
@testable import MySQL
import Support
import Testing
import Wire

@testable import Daemon

@Suite struct MySQLDumpToolTests {
  /// Counts rows, and keeps them as upper-case hexadecimal.
  private struct Rows: DumpFileSink {
    var table = ""
    var rows: [String] = []
    var pauses = false

    mutating func define(schema: String, table: String, statement: RawSpan) throws(Never) {}
    mutating func begin(_ table: DumpFileTable) throws(Never) -> Bool {
      self.table = "\(table.schema).\(table.name)"
      return true
    }
    mutating func receive(_ fields: Span<RowField>, _ row: RawSpan) throws(Never) -> Flow {
      var line = table
      for index in fields.indices {
        let field = fields[index]
        let start = Int(field.offset)
        let bytes = row.extracting(start..<(start + Int(field.length))).array
        line += field.kind == .null ? " NULL" : " " + String(hex: bytes).uppercased()
      }
      rows.append(line)
      return pauses ? .pause : .more
    }
  }

  private struct Dumped {
    var rows: [String]
    var position: DumpFilePosition
    var rowsWhenLocated: Int?
  }

  private func dump(_ tool: MySQLDumpTool, _ loop: PollLoop, pauses: Bool = false) throws -> Dumped {
    var sink = Rows(pauses: pauses)
    var located: Int?
    try start(tool)
    let end = Deadline.after(.seconds(60))
    while !end.isPast {
      switch try tool.drain(into: &sink) {
      case .located: located = sink.rows.count
      case .paused: break
      case .needsInput: try loop.turn(until: .after(.seconds(1)))
      case .finished: return Dumped(rows: sink.rows, position: tool.position, rowsWhenLocated: located)
      }
    }
    throw CommandError.tooSlow
  }

  /// Another test that starts a process just now may hold our script open for writing (ETXTBSY).
  private func start(_ tool: MySQLDumpTool) throws {
    for _ in 0..<1000 {
      do throws(MySQLDumpToolError) {
        return try tool.start()
      } catch {
        guard case .system(_, let cause) = error, cause.errno == 26 else { throw error }
        usleep(10_000)
      }
    }
    throw CommandError.tooSlow
  }

  private enum CommandError: Error { case tooSlow }

  /// A tool of ours that says it is MySQL's and does `script`; its options are in `$*`.
  private func fake(_ script: String, _ loop: PollLoop, version: String = "Ver 9.7.4") throws -> MySQLDumpTool {
    let path = NSTemporaryDirectory() + "mysqldump-\(UUID().uuidString)"
    let text =
      "#!/bin/sh\nif [ \"$2\" = --version ]; then echo 'mysqldump \(version)'; exit; fi\nrm \"$0\"\n\(script)\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    var database = DatabaseConfiguration()
    database.password = Secret("geheim\\")
    return MySQLDumpTool(
      configuration: database, host: "db", isMariaDB: false, tables: [TableName("shop", "kinds")], others: [],
      path: path, loop: loop, log: Logger(label: "test"))
  }

  @Test(arguments: [false, true])
  func rowsArriveBehindThePosition(_ pauses: Bool) throws {
    let loop = try PollLoop()
    let fixture = Fixture.path("mysqldump/mysql-9.7-plain.sql")
    let dumped = try dump(try fake("cat '\(fixture)'", loop), loop, pauses: pauses)
    #expect(dumped.rows.count == 11 && dumped.rows[0].hasPrefix("shop."))
    #expect(dumped.rowsWhenLocated == 0)
    #expect(dumped.position.file == "binlog.000001" && dumped.position.gtidSet?.contains(":mytag:1") == true)
  }

  @Test func passwordIsHandedOverAndNotShown() throws {
    let loop = try PollLoop()
    let script = """
      case "$*" in *geheim*) exit 9;; esac
      if env | grep -q geheim; then exit 8; fi
      grep -qxF 'password="geheim\\\\"' "${1#--defaults-file=}" || exit 7
      echo '-- Dump completed'
      """
    #expect(try dump(try fake(script, loop), loop).rows.isEmpty)
  }

  @Test(arguments: [
    ("head -c 4000 FIXTURE", "without \"-- Dump completed\""),
    ("cat FIXTURE; echo 'mysqldump: Got error: 1045: no' >&2; exit 2", "status 2: mysqldump: Got error: 1045: no"),
    ("head -c 4000 FIXTURE; kill -KILL $$", "signal 9"),
    ("echo 'Warning: about GTIDs' >&2; exit 3", "status 3: it says nothing"),
    ("echo 'INSERT INTO `t` VALUES (nonsense);'", "do not understand"),
  ])
  func dumpsThatAreNotWholeFail(_ script: String, _ words: String) throws {
    let loop = try PollLoop()
    let fixture = Fixture.path("mysqldump/mysql-9.7-plain.sql")
    let tool = try fake(script.replacingOccurrences(of: "FIXTURE", with: "'\(fixture)'"), loop)
    do {
      _ = try dump(tool, loop)
      Issue.record("it was taken for whole")
    } catch let MySQLDumpFailure<Never>.tool(error) {
      #expect("\(error)".contains(words), "\(error)")
    }
  }

  @Test func whatLiteralsDoNotHoldIsLeftToTheProtocol() {
    func table(_ type: ColumnType, generated: TableDescription.Generated = .no) -> TableDescription {
      let definition = TableDefinition(
        schema: "s", name: "t", columns: [ColumnDefinition(name: "c", type: type)], primaryKey: [])
      return TableDescription(
        definition: definition, columns: [.init(typeText: "", generated: generated, isInvisible: false)], kind: .base,
        engine: "InnoDB", estimatedRows: 0, estimatedBytes: 0, uniqueKeys: [], foreignKeys: [])
    }
    #expect(MySQLDumpTool.canDump(table(.double), isMariaDB: false))
    #expect(!MySQLDumpTool.canDump(table(.float), isMariaDB: true))
    #expect(!MySQLDumpTool.canDump(table(.long, generated: .virtual), isMariaDB: false))
    #expect(MySQLDumpTool.canDump(table(.long, generated: .stored), isMariaDB: true))
  }

  /// The real tools and their servers: a login with a password that needs escapes, one schema and two.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"])
  func realToolsWriteWhatTheServersHold(_ name: String) throws {
    let isMariaDB = name.hasPrefix("mariadb")
    let server = try TestServer(name)
    defer { try? server.stop() }
    let client = [
      try TestServer.program(isMariaDB ? "mariadb" : "mysql", of: name), "--no-defaults", "-uroot", "-S",
      server.folder + "/s.sock", "--default-character-set=utf8mb4",
    ]
    let login = """
      CREATE USER sync@'%' IDENTIFIED BY 'se"c\\'r #\\\\et';
      GRANT SELECT, RELOAD, REPLICATION CLIENT, SHOW VIEW ON *.* TO sync@'%';
      """
    try run(client, input: try Fixture.text("mysqldump/statements.sql") + login)
    var database = DatabaseConfiguration()
    database.driver = .mysql
    database.password = Secret("se\"c'r #\\et")
    database.givenPort = UInt16(server.port)
    let expected = try Fixture.text("mysqldump/\(name).expected.txt").split(separator: "\n").map(String.init)
    let loop = try PollLoop()
    for (names, others) in [(["shop.kinds", "shop.parts"], []), (["shop.kinds", "od`d.t"], ["shop.gen", "shop.v"])] {
      func tables(_ names: [String]) -> [TableName] {
        names.map {
          let parts = $0.split(separator: ".")
          return TableName(String(parts[0]), String(parts[1]))
        }
      }
      let tool = MySQLDumpTool(
        configuration: database, host: "localhost", isMariaDB: isMariaDB, tables: tables(names), others: tables(others),
        path: try TestServer.program("mysqldump", of: name), loop: loop, log: Logger(label: "test"))
      let dumped = try dump(tool, loop)
      let wanted = Set(names)
      func isWanted(_ row: String) -> Bool { wanted.contains(String(row.prefix { $0 != " " })) }
      #expect(dumped.rows.filter(isWanted).sorted() == expected.filter(isWanted).sorted())
      #expect(!dumped.rows.contains { $0.hasPrefix("shop.gen") })
      #expect(dumped.rowsWhenLocated == 0 && dumped.position.offset > 4)
      #expect((isMariaDB ? dumped.position.gtidPosition : dumped.position.gtidSet)?.isEmpty == false)
    }
  }
}
