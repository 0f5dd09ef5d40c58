// SPDX-License-Identifier: Apache-2.0
public import Wire

extension MySQLConnection {
  /// Has the server prepare a statement; `?` are its parameters.
  public func prepare(_ text: String, deadline: Deadline) throws(MySQLError) -> PreparedStatement {
    try session.beginPrepare(text)
    return try wait(until: deadline) { () throws(MySQLError) in try session.pollPrepare() }
  }

  /// Forgets a statement. Nothing is awaited.
  public func close(_ statement: PreparedStatement) {
    session.close(statement)
    link.flush()
  }

  /// Executes a statement and waits for the definitions of its columns; then drain.
  public func beginRows(
    _ statement: PreparedStatement, _ parameters: [StatementValue] = [], deadline: Deadline
  ) throws(MySQLError) {
    try session.beginRows(statement, parameters)
    try wait(until: deadline) { () throws(MySQLError) in try session.pollRowsStart().whenDone }
  }

  /// Hands what has arrived to the sink; never waits. Turn the loop after `.needsInput`.
  ///
  /// The sink must not turn the loop, which could move the bytes that it looks at: to wait for something it pauses.
  @inlinable
  public func drainRows<Sink: RowSink & ~Copyable>(
    into sink: inout Sink
  ) throws(DrainError<Sink.Failure>) -> RowsDrained {
    try link.drain(.needsInput, isAlive: { isAlive }, closed: { .mysql(closedError()) }) {
      () throws(DrainError<Sink.Failure>) in try session.drainRows(into: &sink)
    }
  }
}
