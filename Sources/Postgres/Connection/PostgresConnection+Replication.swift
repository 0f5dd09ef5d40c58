// SPDX-License-Identifier: Apache-2.0
public import Wire

extension PostgresConnection {
  /// Starts to replicate; then drain. The connection must have been opened with `replication`.
  public func startReplication(
    _ command: StartReplication, deadline: Deadline
  ) throws(PostgresError) {
    try session.beginReplication(command.text)
    try wait(until: deadline) { () throws(PostgresError) in try session.pollReplicationStart() }
  }

  /// Hands what has arrived to the sink; never waits. Turn the loop after `.needsInput`.
  ///
  /// The sink must not turn the loop, which could move the bytes that it looks at: to wait for something it pauses.
  /// Allocates nothing.
  @inlinable
  public func drainReplication<Sink: ReplicationSink & ~Copyable>(
    into sink: inout Sink
  ) throws(DrainError<Sink.Failure>) -> DrainResult {
    try link.drain(.needsInput, isAlive: { isAlive }, closed: { .postgres(closedError()) }) {
      () throws(DrainError<Sink.Failure>) in try session.drainReplication(into: &sink)
    }
  }

  /// Tells the server up to where we have what it sent; it keeps the log from `flushed` on. Sent at once as far as the
  /// socket takes it.
  public func sendStandbyStatus(written: LSN, flushed: LSN, applied: LSN, replyRequested: Bool = false) {
    let now = ServerTime(unixMicroseconds: WallTime.now.microsecondsSinceEpoch)
    session.sendStandbyStatus(
      StandbyStatusUpdate(
        written: written, flushed: flushed, applied: applied, clientTime: now, replyRequested: replyRequested))
    link.flush()
  }

  /// Ends the stream in order: what still comes is dropped; afterwards the connection takes commands again.
  public func endReplication(deadline: Deadline) throws(PostgresError) {
    session.beginReplicationEnd()
    var sink = DroppingSink()
    try wait(until: deadline) { () throws(PostgresError) in
      do throws(DrainError<Never>) {
        if case .finished = try session.drainReplication(into: &sink) { return true }
        return false
      } catch {
        switch error {
        case .postgres(let error): throw error
        }
      }
    }
  }
}

/// Lets everything go by.
private struct DroppingSink: ReplicationSink {
  mutating func receive(
    _ message: borrowing LogicalMessage, walStart: LSN, walEnd: LSN, serverTime: ServerTime
  ) throws(Never) -> Flow { .more }

  mutating func keepalive(walEnd: LSN, replyRequested: Bool) throws(Never) -> Flow { .more }
}
