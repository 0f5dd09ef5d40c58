// SPDX-License-Identifier: Apache-2.0
//
//   rows without some of their columns ─▶ keys ─▶ SELECT … WHERE key = ? OR … ─▶ what is missing, by key
internal import MySQL
internal import Wire

/// Columns of rows of one table, to be asked of the server.
struct MissingRequest: Equatable {
  /// The table's number.
  var table: Int
  /// Their places in the table.
  var columns: [Int]
  /// The keys in etcd.
  var keys: [[UInt8]]
  var visibility: Visibility

  /// How to know that the server shows what the log has: a transaction is in the log before it is visible.
  enum Visibility: Equatable {
    /// MariaDB: the rows' transaction begins here, or an earlier one.
    case position(BinlogFilePosition)
    /// MySQL: once these are executed.
    case gtids(String)
    /// By reading with a lock, which waits for whoever has written the rows: XA transactions of MariaDB, and MySQL
    /// without GTIDs.
    case lock
  }
}

/// Asks the server for columns that its log leaves out and that etcd does not have either: defaults of an INSERT with
/// `binlog_row_image` MINIMAL, and generated columns of MariaDB (all of them of an update from 11 on, and before that
/// those that MINIMAL and NOBLOB do not name although they have changed).
///
/// The answer is of the moment it is given, so perhaps newer than the row's other columns, or another row's that has
/// the key by then; what made it so is in the log before `logEnd`, and there the two are equal again, if what an event
/// leaves out is not taken from such a value (`MySQLApplier.mayBeAhead`).
final class MissingColumns {
  /// Rows asked for at once.
  static let rowsMax = 200
  private let open: () throws(PipelineFailure) -> MySQLConnection
  private var connection: MySQLConnection?
  private var statement: (text: String, prepared: PreparedStatement)?
  /// Transactions that begin before it are visible.
  private var visibleEnd: BinlogFilePosition?

  init(open: @escaping () throws(PipelineFailure) -> MySQLConnection) { self.open = open }

  func close() { connection?.close() }

  /// By key what the server has; nil for rows that are not there any more: what became of them comes later in the log.
  /// Nil for all of them: they cannot be asked for, or no longer, because the table has changed since.
  func read(
    _ request: MissingRequest, of table: MySQLTablePlan
  ) throws(PipelineFailure) -> [[UInt8]: KnownColumns?]? {
    guard let key = RowCondition(table), let parameters = key.parameters(of: request.keys, table) else { return nil }
    var answers = Dictionary(request.keys.map { ($0, KnownColumns?.none) }, uniquingKeysWith: { first, _ in first })
    let connection = try connected()
    var sink = MissingRows(table, request.columns)
    do throws(MySQLError) {
      var select = sink.select(rows: request.keys.count, key)
      switch request.visibility {
      case .position(let begin):
        if try !waitUntilVisible(begin, connection) { select += " LOCK IN SHARE MODE" }
      case .gtids(let executed): try waitUntilExecuted(executed, connection)
      case .lock: select += " LOCK IN SHARE MODE"
      }
      let statement = try prepare(select, connection)
      try connection.beginRows(statement, parameters, deadline: .after(.seconds(60)))
      try drain(into: &sink, connection)
    } catch {
      statement = nil
      if error.isDefinitionChanged { return nil }
      if error.isTableDenied { throw .redump([table.reference], "\(error)") }
      if error.isLockTimeout || error.isDeadlock {
        let holders = connection.textOfLockHolders(of: [table.definition.tableName], besides: [])
        throw .startOver("\(table.name), or a row of it, is locked by somebody else (\(holders))")
      }
      throw .source(error)
    }
    if let failure = sink.failure { throw table.failure(failure) }
    for (key, known) in sink.rows where answers[key] != nil { answers[key] = known }
    return answers
  }

  /// Where the server's log ends: behind all that its answers so far can have shown.
  func logEnd() throws(PipelineFailure) -> BinlogFilePosition? {
    let connection = try connected()
    do throws(MySQLError) {
      let log = try connection.logStatus(deadline: .after(.seconds(30)))
      return log.map { BinlogFilePosition(file: $0.file, offset: $0.position) }
    } catch {
      throw .source(error)
    }
  }

  private func connected() throws(PipelineFailure) -> MySQLConnection {
    if let connection { return connection }
    let opened = try open()
    connection = opened
    return opened
  }

  private func waitUntilExecuted(_ set: String, _ connection: MySQLConnection) throws(MySQLError) {
    let limit = Duration.seconds(30)
    let answer = try connection.query(
      "SELECT WAIT_FOR_EXECUTED_GTID_SET(\(SQLLiteral(set)), \(limit.components.seconds))",
      deadline: .after(limit + .seconds(10))
    ).scalar
    if answer != "0" { throw MySQLError(.timedOut(while: "waiting for a commit"), peer: connection.peer) }
  }

  /// "binlog_snapshot_position" is where the log stands for a snapshot taken now. False where that is in the next file,
  /// behind the transaction's: commits that make a file too large begin the next one before they are visible.
  private func waitUntilVisible(
    _ begin: BinlogFilePosition, _ connection: MySQLConnection
  ) throws(MySQLError) -> Bool {
    let deadline = Deadline.after(.seconds(30))
    while true {
      if let visibleEnd, begin < visibleEnd {
        return begin.file == visibleEnd.file || !begin.isInFileBefore(visibleEnd)
      }
      let known = visibleEnd
      visibleEnd = try connection.snapshotPosition(deadline: deadline)
      if deadline.isPast { throw MySQLError(.timedOut(while: "waiting for a commit"), peer: connection.peer) }
      if visibleEnd != known { continue }
      _ = connection.loop.pump(until: .after(.milliseconds(2))) { Bool?.none }
    }
  }

  private func prepare(_ text: String, _ connection: MySQLConnection) throws(MySQLError) -> PreparedStatement {
    if let statement {
      if statement.text == text { return statement.prepared }
      connection.close(statement.prepared)
    }
    let prepared = try connection.prepare(text, deadline: .after(.seconds(60)))
    statement = (text, prepared)
    return prepared
  }

  private func drain(into sink: inout MissingRows, _ connection: MySQLConnection) throws(MySQLError) {
    let isFinished = try connection.loop.pump(until: .after(.seconds(60))) { () throws(MySQLError) -> Bool? in
      do throws(DrainError<Never>) {
        return try connection.drainRows(into: &sink) == .finished ? true : nil
      } catch {
        guard case .mysql(let error) = error else { return nil }
        throw error
      }
    }
    if isFinished == nil { throw MySQLError(.timedOut(while: "reading rows by key"), peer: connection.peer) }
  }
}

/// Takes the rows of the answer.
private struct MissingRows: RowSink {
  private let table: MySQLTablePlan
  /// Places of the columns that are selected.
  private let places: [Int]
  private var fields: [RowField]
  private(set) var rows: [[UInt8]: KnownColumns] = [:]
  private(set) var failure: RowError?

  init(_ table: MySQLTablePlan, _ columns: [Int]) {
    self.table = table
    places = Set(table.key + columns).sorted()
    fields = Array(repeating: RowField(kind: .absent), count: table.definition.columns.count)
  }

  func select(rows: Int, _ key: RowCondition) -> String {
    let columns = places.map { place in
      let column = table.definition.columns[place]
      return MySQLRowPlan.selectExpression(for: column, quoted: SQLIdentifier(column.name).description)
    }
    let conditions = Array(repeating: key.condition, count: rows).joined(separator: " OR ")
    return "SELECT \(columns.joined(separator: ", ")) FROM \(SQLIdentifier(table.definition.tableName)) "
      + "WHERE \(conditions)"
  }

  mutating func receive(_ row: Span<RowField>, _ base: RawSpan) throws(Never) -> Flow {
    guard failure == nil, row.count == places.count else { return .more }
    for (index, place) in places.enumerated() { fields[place] = row[index] }
    var key = ByteWriter()
    var value = ByteWriter()
    var holes: [ValueHole] = []
    do throws(RowError) {
      try table.appendKey(fields.span, base, form: .result, into: &key)
      try table.appendValue(fields.span, base, form: .result, into: &value, holes: &holes)
    } catch {
      failure = error
      return .more
    }
    rows[key.bytes.array] = KnownColumns(value: value.bytes.array, holes: holes)
    return .more
  }
}

/// How rows are found by the texts of their keys in etcd.
struct RowCondition {
  /// `(a = ? AND b = FROM_BASE64(?))`
  let condition: String
  private let operations: [ValueOperation]

  /// Nil where a key column's text does not lead back to its value by an index: a hash, a number that is not exact.
  init?(_ table: MySQLTablePlan) {
    var parts: [String] = []
    var operations: [ValueOperation] = []
    for place in table.key {
      let plan = table.rows.plans[place]
      guard plan.treatment != .hash else { return nil }
      let value: String
      switch plan.result {
      case .signed, .unsigned, .utf8, .resultDate, .resultDateTime, .resultTime: value = "?"
      case .base64: value = "FROM_BASE64(?)"
      case .hex: value = "UNHEX(?)"
      default: return nil
      }
      parts.append("\(SQLIdentifier(table.definition.columns[place].name)) = \(value)")
      operations.append(plan.result)
    }
    guard !parts.isEmpty else { return nil }
    condition = "(\(parts.joined(separator: " AND ")))"
    self.operations = operations
  }

  func parameters(of keys: [[UInt8]], _ table: MySQLTablePlan) -> [StatementValue]? {
    var parameters: [StatementValue] = []
    for key in keys {
      let texts = key.dropFirst(table.rows.keyPrefix.count).split(
        separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      guard texts.count == operations.count else { return nil }
      for (text, operation) in zip(texts, operations) {
        guard let parameter = Self.parameter(Self.unescaped(text), operation) else { return nil }
        parameters.append(parameter)
      }
    }
    return parameters
  }

  private static func parameter(_ text: String, _ operation: ValueOperation) -> StatementValue? {
    switch operation {
    case .signed: Int64(text).map { .integer($0) }
    case .unsigned: UInt64(text).map { .unsigned($0) }
    // The session is in UTC, and the server knows no zone in a text.
    case .resultDateTime where text.hasSuffix("+00:00"): .text(String(text.dropLast(6)))
    default: .text(text)
    }
  }

  /// `%XX` is the byte again.
  private static func unescaped(_ component: ArraySlice<UInt8>) -> String {
    var bytes: [UInt8] = []
    var rest = component
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let high = rest.popFirst()?.hexValue, let low = rest.popFirst()?.hexValue {
        bytes.append(high << 4 | low)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
