// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Why a drain returned.
@frozen
public enum RowsDrained: Equatable, Sendable {
  /// Everything that has arrived is delivered.
  case needsInput
  /// The sink asked to stop.
  case paused
  /// The server says that there is no more.
  case finished
}

/// Takes the rows of a prepared statement.
public protocol RowSink: ~Copyable {
  associatedtype Failure: Error
  /// One field for each column, relative to `base`; both are borrowed. Numbers are their little-endian bytes, dates and
  /// times the fields that are not zero, all else its bytes. A row on which this throws is not consumed.
  mutating func receive(_ fields: Span<RowField>, _ base: RawSpan) throws(Failure) -> Flow
}

/// What a sink answers to an event.
@frozen
public enum BinlogFlow: Sendable {
  case more
  /// This event is taken; the next ones stay where they are.
  case pause
  /// Stop here; this event is not taken, the next drain delivers it again.
  case again
}

/// Takes the events of a binary log.
public protocol BinlogSink: ~Copyable {
  associatedtype Failure: Error
  /// The whole event, borrowed: header, body and, if the log has them, checksum. An event on which this throws is not
  /// consumed.
  mutating func receive(event: RawSpan) throws(Failure) -> BinlogFlow
}
