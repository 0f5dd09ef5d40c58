// SPDX-License-Identifier: Apache-2.0
//
//   { operation  length  path   [length  value] }     the value, binary JSON, unless it is removed
//     UInt8      packed         packed
public import Wire

/// One change of a JSON value.
@frozen
public struct JSONDifference: ~Escapable {
  @frozen
  public enum Operation: UInt8, Sendable {
    /// The path names a value that is there.
    case replace = 0
    /// It names a member that is not there, or the place in an array before which the value goes; beyond the end it is
    /// appended.
    case insert = 1
    case remove = 2
  }

  public let operation: Operation
  /// `JSONPath` reads it.
  public let path: RawSpan
  /// Binary JSON; empty if the operation is `remove`.
  public let value: RawSpan

  @_lifetime(copy reader)
  @_lifetime(reader: copy reader)
  init(from reader: inout ByteReader) throws(WireError) {
    let start = reader.offset
    guard let operation = Operation(rawValue: try reader.byte()) else {
      throw WireError(.badValue("unknown operation"), offset: start, context: "JSON difference")
    }
    self.operation = operation
    path = try reader.lengthEncodedBytes()
    value = operation == .remove ? path.extracting(0..<0) : try reader.lengthEncodedBytes()
  }

  func encode(to writer: inout ByteWriter) {
    writer.append(operation.rawValue)
    writer.append(lengthEncoded: path)
    if operation != .remove { writer.append(lengthEncoded: value) }
  }
}

/// The differences that a PARTIAL_UPDATE_ROWS_EVENT has instead of a JSON value (`RowField.Kind.differences`), in the
/// order in which they are applied.
@frozen
public struct JSONDifferences: ~Escapable {
  @usableFromInline var reader: ByteReader

  /// `bytes` are the field's.
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan) {
    reader = ByteReader(bytes)
  }

  /// Nil at the end.
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  public mutating func next() throws(WireError) -> JSONDifference? {
    if reader.isAtEnd { return nil }
    return try JSONDifference(from: &reader)
  }
}
