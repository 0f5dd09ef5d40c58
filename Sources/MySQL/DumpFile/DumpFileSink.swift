// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Why a drain of a dump file returned.
@frozen
public enum DumpFileResult: Equatable, Sendable {
  /// Everything that has arrived is delivered.
  case needsInput
  /// `position` now has a file and an offset; no row has been delivered before. Returned once.
  case located
  /// The sink asked to stop.
  case paused
  /// The tool has said that its dump is complete.
  case finished
}

/// The table whose rows follow.
public struct DumpFileTable: Equatable, Sendable {
  public var schema: String
  public var name: String
  /// As the INSERT names them; empty where it names none, and then the rows have all columns that are not generated.
  public var columns: [String]
}

/// Takes what a dump file holds.
public protocol DumpFileSink: ~Copyable {
  associatedtype Failure: Error
  /// CREATE TABLE as the tool wrote it, without the semicolon.
  mutating func define(schema: String, table: String, statement: RawSpan) throws(Failure)
  /// Rows of this table follow. False: they are read over.
  mutating func begin(_ table: DumpFileTable) throws(Failure) -> Bool
  /// One row: where each field lies in `base`, the bytes that the literals stand for. Numbers are their text, strings
  /// are unescaped, `0x…` is its bytes. Both are borrowed.
  mutating func receive(_ fields: Span<RowField>, _ base: RawSpan) throws(Failure) -> Flow
}

/// Why a drain of a dump file ended early: what the tool wrote, or what the sink threw.
@frozen
public enum DumpFileError<SinkError: Error>: Error {
  /// The offset counts from the first byte of the tool's output.
  case malformed(WireError)
  case sink(SinkError)
}
