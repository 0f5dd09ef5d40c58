// SPDX-License-Identifier: Apache-2.0
public import Wire

extension MySQLConnection {
  /// Tells the server who we are, for its list of replicas. It refuses nobody for the host's name.
  public func register(serverID: UInt32, host: String, deadline: Deadline) throws(MySQLError) {
    try session.beginRegister(Command.RegisterReplica(serverID: serverID, host: host))
    try wait(until: deadline) { () throws(MySQLError) in try session.pollCommand().whenDone }
  }

  /// Asks for the binary log; then drain. What the session's variables say of it (checksums, heartbeats, MariaDB's
  /// `slave_connect_state`) is set before by `BinlogDumpCommand.settings`.
  public func beginBinlogDump(_ command: BinlogDumpCommand, deadline: Deadline) throws(MySQLError) {
    for statement in command.settings(server) { try query(statement, deadline: deadline) }
    try session.beginBinlogDump(command)
    link.flush()
  }

  /// Hands what has arrived to the sink; never waits. Turn the loop after `.needsInput`.
  ///
  /// The sink must not turn the loop, which could move the bytes that it looks at: to wait for something it stops.
  @inlinable
  public func drainBinlog<Sink: BinlogSink & ~Copyable>(
    into sink: inout Sink
  ) throws(DrainError<Sink.Failure>) -> RowsDrained {
    try link.drain(.needsInput, isAlive: { isAlive }, closed: { .mysql(closedError()) }) {
      () throws(DrainError<Sink.Failure>) in try session.drainBinlog(into: &sink)
    }
  }
}
