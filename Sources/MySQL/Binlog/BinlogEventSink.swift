// SPDX-License-Identifier: Apache-2.0

/// Whether a sink wants more of the log, and how far a raw event has come.
@frozen
public enum BinlogFlow: Sendable {
  /// Taken; go on.
  case more
  /// Not taken, or not all of it: the same event comes again. (The sink remembers how many rows it has taken.)
  case pause
  /// Taken, but stop here.
  case pauseAfter
}

/// Who takes the events of a log.
public protocol BinlogEventSink: ~Copyable {
  associatedtype Failure: Error

  /// `event` is valid during the call. `header` says where in its file the event begins and ends; events inside of a
  /// transaction payload are marked, and their end is the payload's.
  mutating func receive(_ event: borrowing BinlogEvent, _ header: EventHeader) throws(Failure) -> BinlogFlow
}
