// SPDX-License-Identifier: Apache-2.0
//
//   position ─▶ USE ─▶ CREATE TABLE ─▶ INSERT ─▶ row, row, … ─▶ … ─▶ "-- Dump completed"
public import Wire

/// Reads what `mysqldump` and `mariadb-dump` write, without I/O: bytes in, definitions and rows out.
///
/// It reads the tools' output, not SQL: what neither of them writes is an error, or passed over where it cannot carry
/// rows. Memory is bounded by one row, or one statement that is not an INSERT, whatever the tool packs into a line.
public struct DumpFileParser: ~Copyable {
  /// Whatever has been found of it so far.
  public private(set) var position = DumpFilePosition()
  /// The schema that the last USE has named.
  public private(set) var schema: String
  /// "-- Dump completed", which the tools write last, has been read.
  public private(set) var isComplete = false

  private enum Phase { case statement, rows(isWanted: Bool) }
  private var phase = Phase.statement
  private var statement = DumpStatement()
  @usableFromInline var row = DumpRow()
  private var isLocated = false
  @usableFromInline private(set) var table = DumpFileTable(schema: "", name: "", columns: [])
  /// The last INSERT's head: a large table has many of them, all alike.
  private var header: [UInt8] = []
  private var isTableWanted = false

  /// `schema` is the one that the tool was told, where it dumps a single one and writes no USE.
  public init(schema: String = "") { self.schema = schema }

  @usableFromInline
  enum Step { case needsInput, located, definition(String), table, row, finished }

  /// Hands over everything that has arrived, until the sink pauses.
  ///
  /// After an error, its own or the sink's, the parser cannot be used any more.
  @inlinable
  public mutating func drain<Sink: DumpFileSink & ~Copyable>(
    from input: ReceiveBuffer, into sink: inout Sink
  ) throws(DumpFileError<Sink.Failure>) -> DumpFileResult {
    let bytes = input.unread
    var offset = 0
    defer { input.consume(offset) }
    while true {
      let step: Step
      do throws(WireError) {
        step = try advance(bytes, from: &offset)
      } catch {
        throw .malformed(WireError(error.reason, offset: input.consumedTotal + offset, context: error.context))
      }
      do throws(Sink.Failure) {
        switch step {
        case .needsInput: return .needsInput
        case .located: return .located
        case .finished: return .finished
        case .definition(let name): try sink.define(schema: schema, table: name, statement: definition)
        case .table: beginRows(isWanted: try sink.begin(table))
        case .row: if try sink.receive(row.fields, row.bytes) == .pause { return .paused }
        }
      } catch {
        throw .sink(error)
      }
    }
  }

  /// The input has ended. Throws unless the tool has said that its dump is complete.
  public func end() throws(WireError) {
    if !isComplete { throw WireError(.badValue("the dump is cut off"), offset: 0, context: "dump file") }
  }

  // MARK: Steps

  @usableFromInline var definition: RawSpan {
    @_lifetime(borrow self)
    get { statement.text.bytes }
  }

  @usableFromInline
  mutating func beginRows(isWanted: Bool) {
    isTableWanted = isWanted
    phase = .rows(isWanted: isWanted)
    row.begin()
  }

  @usableFromInline
  mutating func advance(_ bytes: RawSpan, from offset: inout Int) throws(WireError) -> Step {
    if isComplete { return .finished }
    while true {
      switch phase {
      case .rows(let isWanted):
        switch try row.consume(bytes, from: &offset) {
        case .needsInput: return .needsInput
        case .end: phase = .statement
        case .row:
          if !table.columns.isEmpty, row.fieldCount != table.columns.count {
            throw WireError(
              .badLength(row.fieldCount), offset: offset, context: "number of values in a dump file's row")
          }
          if isWanted { return .row }
        }
      case .statement:
        switch try statement.collect(bytes, from: &offset) {
        case .needsInput: return .needsInput
        case .comment, .statement: if let step = try takeStatement() { return step }
        case .insert:
          if try takeInsert() { return .table }
          beginRows(isWanted: isTableWanted)
        }
      }
    }
  }

  private enum Meaning { case complete, use(String), definition(String), other(DumpFilePosition) }

  private static func meaning(of text: RawSpan, at position: DumpFilePosition) throws(WireError) -> Meaning {
    if text.starts(with: "-- Dump completed", at: 0) { return .complete }
    if text.starts(with: "USE ", at: 0) {
      var names = DumpFileNames(text, from: 4)
      return .use(try names.name())
    }
    if text.starts(with: "CREATE TABLE ", at: 0) {
      let ifNotExists: StaticString = "CREATE TABLE IF NOT EXISTS "
      let start = text.starts(with: ifNotExists, at: 0) ? ifNotExists.utf8CodeUnitCount : 13
      var names = DumpFileNames(text, from: start)
      return .definition(try names.qualifiedName().name)
    }
    var position = position
    position.take(text)
    return .other(position)
  }

  private mutating func takeStatement() throws(WireError) -> Step? {
    switch try Self.meaning(of: statement.text.bytes, at: position) {
    case .complete:
      isComplete = true
      return .finished
    case .use(let name):
      schema = name
      header = []
    case .definition(let name): return .definition(name)
    case .other(let position):
      self.position = position
      return newLocation()
    }
    return nil
  }

  private mutating func newLocation() -> Step? {
    if isLocated || position.file == nil { return nil }
    isLocated = true
    return .located
  }

  /// True if this is another table, or another list of columns, than the last INSERT's.
  private mutating func takeInsert() throws(WireError) -> Bool {
    let text = statement.text.bytes.array
    if text == header { return false }
    let insert = try InsertHeader(statement.text.bytes)
    header = text
    table = DumpFileTable(schema: insert.schema ?? schema, name: insert.table, columns: insert.columns)
    return true
  }
}
