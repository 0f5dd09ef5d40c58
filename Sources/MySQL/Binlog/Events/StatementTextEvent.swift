// SPDX-License-Identifier: Apache-2.0
public import Wire

/// ROWS_QUERY_LOG_EVENT of MySQL and ANNOTATE_ROWS_EVENT of MariaDB: the statement whose rows follow, for people.
@frozen
public struct StatementTextEvent: ~Escapable {
  /// In the character set of the client.
  public let text: RawSpan
  /// Of MySQL's form: a byte before the text that once was its length, and that nobody reads. MariaDB's has none.
  @usableFromInline let lengthByte: UInt8?

  @_lifetime(copy body)
  public init(decoding body: RawSpan, type: EventType) throws(WireError) {
    var reader = ByteReader(body)
    lengthByte = type == .annotateRows ? nil : try reader.byte()
    text = reader.rest()
  }

  public func encode(to writer: inout ByteWriter) {
    if let lengthByte { writer.append(lengthByte) }
    writer.append(text)
  }
}
