// SPDX-License-Identifier: Apache-2.0
public import Wire

/// ROWS_QUERY_LOG_EVENT of MySQL and ANNOTATE_ROWS_EVENT of MariaDB: the statement whose rows follow, for people.
@frozen
public struct StatementTextEvent: ~Escapable {
  /// In the character set of the client; for `isAnnotation` false preceded in the log by one byte, its length modulo
  /// 256, which nobody reads.
  public let text: RawSpan
  /// MariaDB's form: nothing but the text.
  public let isAnnotation: Bool

  @_lifetime(copy body)
  public init(decoding body: RawSpan, type: EventType) throws(WireError) {
    var reader = ByteReader(body)
    isAnnotation = type == .annotateRows
    if !isAnnotation { try reader.skip(1) }
    text = reader.rest()
  }

  public func encode(to writer: inout ByteWriter) {
    if !isAnnotation { writer.append(UInt8(clamping: text.byteCount)) }
    writer.append(text)
  }
}
