// SPDX-License-Identifier: Apache-2.0

/// Who takes the events of a log.
public protocol BinlogEventSink: ~Copyable {
  associatedtype Failure: Error

  /// `.more` and `.pause`: taken. `.again`: not taken, the same event comes when its raw event is delivered again; a
  /// sink that has taken some rows of it remembers how many.
  ///
  /// `event` is valid during the call. `header` says where in its file the event begins and ends; events inside of a
  /// transaction payload are marked, and their end is the payload's.
  mutating func receive(_ event: borrowing BinlogEvent, _ header: EventHeader) throws(Failure) -> BinlogFlow
}
