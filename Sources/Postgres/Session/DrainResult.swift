// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Why a drain returned.
@frozen
public enum DrainResult: Equatable, Sendable {
  /// Everything that has arrived is delivered.
  case needsInput
  /// The sink asked to stop.
  case paused
  /// The stream has ended in order; the server's command tag.
  case finished(commandTag: String)
}

/// Takes the data of a COPY TO STDOUT, one CopyData payload (with text format: one line) at a time.
public protocol CopySink: ~Copyable {
  associatedtype Failure: Error
  /// `data` is borrowed: it lies in the receive buffer. A message on which this throws is not consumed.
  mutating func receive(_ data: RawSpan) throws(Failure) -> Flow
}

/// Takes the messages of a replication stream.
public protocol ReplicationSink: ~Copyable {
  associatedtype Failure: Error
  /// `message` is borrowed: it lies in the receive buffer. A message on which this throws is not consumed.
  mutating func receive(
    _ message: borrowing LogicalMessage, walStart: LSN, walEnd: LSN, serverTime: ServerTime
  ) throws(Failure) -> Flow
  /// The server is alive and has sent us everything up to `walEnd`. Where a reply is requested, answer with a standby
  /// status before `wal_sender_timeout` ends the connection.
  mutating func keepalive(walEnd: LSN, replyRequested: Bool) throws(Failure) -> Flow
}
