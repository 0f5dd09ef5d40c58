// SPDX-License-Identifier: Apache-2.0
//
//   tool ─▶ pipe ─▶ receive buffer ─▶ DumpFileParser ─▶ sink
package import Logging
package import MySQL
package import Wire

/// The dump by the tool of the host (`database.mysql.dump: mysqldump`): started, and its output handed on row by row.
///
/// The sink must not ask anything of the tool while it is called. Whoever lets go of this, or closes it, ends the tool.
package final class MySQLDumpTool {
  private let database: DatabaseConfiguration
  private let host: String
  private let maker: MySQLDumpProgram.Maker
  private let chosen: [TableName]
  private let others: [TableName]
  private let loop: PollLoop
  private let log: Logger
  /// For tests: this tool, not the one on PATH.
  private let path: String?
  private var parser = DumpFileParser()
  private var child: Subprocess?
  private var program = ""

  /// `host` is where our own session is connected, of the configured ones. `others` is whatever else is in the schemas
  /// of the chosen tables, views included.
  package init(
    configuration: DatabaseConfiguration, host: String, isMariaDB: Bool, tables: [TableName],
    others: [TableName], path: String? = nil, loop: PollLoop, log: Logger
  ) {
    precondition(!tables.isEmpty)
    database = configuration
    self.host = host
    maker = isMariaDB ? .mariadb : .mysql
    chosen = tables
    self.others = others
    self.path = path
    self.loop = loop
    self.log = log
  }

  /// The position that belongs to the snapshot; complete for MySQL, and file and offset for MariaDB, once `drain` has
  /// answered `.located`, before the first row. MariaDB's GTID position may come at the end only; ask the server for
  /// `BINLOG_GTID_POS(file, offset)` instead.
  package var position: DumpFilePosition { parser.position }

  /// Bytes that wait to be read.
  package var pendingBytes: Int { child?.output.count ?? 0 }

  /// Whether what the tool writes of a table is every column of every row, exactly. If not, it is dumped natively.
  ///
  /// MySQL's tool leaves generated columns out; MariaDB's writes them.
  package static func canDump(_ table: TableDescription, isMariaDB: Bool) -> Bool {
    if !isMariaDB, table.columns.contains(where: { $0.generated != .no }) { return false }
    return table.definition.columns.allSatisfy(MySQLRowPlan.isExactInLiterals)
  }

  /// Why the tool is not started where new sessions are given a row limit, and what to type.
  static func refusal(ofRowLimit limit: UInt64) -> (text: String, mend: String) {
    (
      "sql_select_limit is \(limit) in new sessions, so that the tool would leave rows out",
      "SET GLOBAL sql_select_limit = 18446744073709551615; or set database.mysql.dump: native"
    )
  }

  /// What the tool gets of our environment: how programs and their libraries are found, and the time zone. No login
  /// path: `.mylogin.cnf` would be read behind our option file.
  static var environment: [String: String] {
    var variables = Subprocess.environment(["PATH", "LD_LIBRARY_PATH", "TMPDIR", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR"])
    variables["MYSQL_TEST_LOGIN_FILE"] = "/dev/null/none"
    variables["LC_ALL"] = "C"
    return variables
  }

  /// Finds the tool, asks it which it is (which waits for its answer), and starts it.
  package func start() throws(MySQLDumpToolError) {
    let deadline = Deadline.after(.seconds(30))
    let program =
      if let path {
        try MySQLDumpProgram.ask(path, loop: loop, deadline: deadline)
      } else {
        try MySQLDumpProgram.find(maker, loop: loop, deadline: deadline)
      }
    self.program = program.path
    let arguments = MySQLDumpArguments(
      database: database, host: host, program: program, chosen: chosen, others: others)
    parser = DumpFileParser(schema: arguments.schema ?? "")
    let password: String
    do throws(SecretError) {
      password = try database.password.read()
    } catch {
      throw .password("\(error)")
    }
    let optionFile = MySQLDumpArguments.optionFile(password: password)
    guard optionFile.count <= Subprocess.handedBytesMax else {
      throw .password("the password is too long for the tool")
    }
    let list = arguments.list(optionFile: Subprocess.handedPath)
    log.info("dump tool", metadata: ["tool": "\(program.text)", "tables": "\(chosen.count)"])
    log.debug("dump tool", metadata: ["arguments": "\(list.joined(separator: " "))"])
    do throws(SystemError) {
      child = try Subprocess(
        program.path, arguments: list, environment: Self.environment, handed: optionFile, loop: loop)
    } catch {
      throw .system(program.path, error)
    }
  }

  /// Hands on whatever has arrived, until the sink pauses. `.finished` once the tool has said that the dump is complete
  /// and has ended with status 0. To be called again after turns of the loop.
  package func drain<Sink: DumpFileSink & ~Copyable>(
    into sink: inout Sink
  ) throws(MySQLDumpFailure<Sink.Failure>) -> DumpFileResult {
    guard let child else { return .needsInput }
    let result: DumpFileResult
    do throws(DumpFileError<Sink.Failure>) {
      result = try parser.drain(from: child.output, into: &sink)
    } catch {
      switch error {
      case .malformed(let error): throw .tool(.malformed(program, error))
      case .sink(let error): throw .sink(error)
      }
    }
    switch result {
    case .located, .paused: return result
    case .needsInput, .finished:
      guard child.hasOutputEnded, let status = child.status else { return .needsInput }
      if result == .finished, status == .exited(0) { return .finished }
      let how = status == .exited(0) ? "status 0 but without \"-- Dump completed\"" : "\(status)"
      throw .tool(.failed(program, how, errors: child.errors))
    }
  }

  /// Ends the tool if it runs.
  package func close() {
    child?.close()
    child = nil
  }
}

/// Why a drain of the tool's output has ended early.
package enum MySQLDumpFailure<SinkError: Error>: Error {
  case tool(MySQLDumpToolError)
  case sink(SinkError)
}
