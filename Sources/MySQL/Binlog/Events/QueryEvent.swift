// SPDX-License-Identifier: Apache-2.0
//
//   thread  seconds  length of schema  error   length of status  [load data]  status  schema 0  statement
//   UInt32  UInt32   UInt8             UInt16  UInt16            13 bytes                       to the end
public import Wire

/// QUERY_EVENT, and MariaDB's compressed one once it is unpacked: a statement; `BEGIN`, `COMMIT`, DDL among them.
/// EXECUTE_LOAD_QUERY_EVENT too: LOAD DATA as a statement.
@frozen
public struct QueryEvent: ~Escapable {
  public let threadID: UInt32
  /// Seconds that the statement took.
  public let executionTime: UInt32
  /// Of the statement at its server; 0 if it went well.
  public let errorCode: UInt16
  public let status: RawSpan
  /// The statement's default schema; may be empty.
  public let schema: RawSpan
  /// In the character set of the client (`QueryStatus.clientCharacterSet`).
  public let statement: RawSpan
  /// Of EXECUTE_LOAD_QUERY: file, position of its name in the statement, how duplicates are handled.
  public let loadData: RawSpan?
  /// Post-header fields of a later version.
  @usableFromInline let surplus: RawSpan

  /// `postHeaderLength` is at least 13, or 26 for EXECUTE_LOAD_QUERY.
  @_lifetime(copy body)
  public init(decoding body: RawSpan, type: EventType, postHeaderLength: Int) throws(WireError) {
    var reader = ByteReader(body)
    threadID = try reader.littleEndian()
    executionTime = try reader.littleEndian()
    let schemaLength = Int(try reader.byte())
    errorCode = try reader.littleEndian()
    let statusLength = Int(try reader.littleEndian(UInt16.self))
    let isLoadData = type == .executeLoadQuery
    loadData = isLoadData ? try reader.bytes(13) : nil
    surplus = try reader.bytes(max(0, postHeaderLength - (isLoadData ? 26 : 13)))
    status = try reader.bytes(statusLength)
    schema = try reader.bytes(schemaLength)
    guard try reader.byte() == 0 else { throw WireError(.unterminatedString, offset: reader.offset - 1) }
    statement = reader.rest()
  }

  /// MariaDB's QUERY_COMPRESSED_EVENT: the same with a statement that was packed.
  @_lifetime(copy event, copy statement)
  init(_ event: borrowing QueryEvent, unpacked statement: RawSpan) {
    threadID = event.threadID
    executionTime = event.executionTime
    errorCode = event.errorCode
    status = event.status
    schema = event.schema
    loadData = event.loadData
    surplus = event.surplus
    self.statement = statement
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian: threadID)
    writer.append(littleEndian: executionTime)
    writer.append(UInt8(truncatingIfNeeded: schema.byteCount))
    writer.append(littleEndian: errorCode)
    writer.append(littleEndian: UInt16(truncatingIfNeeded: status.byteCount))
    if let loadData { writer.append(loadData) }
    writer.append(surplus)
    writer.append(status)
    writer.append(schema)
    writer.append(0 as UInt8)
    writer.append(statement)
  }
}
