// SPDX-License-Identifier: Apache-2.0
//
//   { code   value … }     how long a value is depends on its code
//     UInt8
public import Wire

/// The session that a statement ran in ("status variables" of QUERY_EVENT), as far as it decides what the statement
/// means.
public struct QueryStatus: Equatable, Sendable {
  public var flags2: UInt32?
  /// MODE_ANSI_QUOTES is 4, MODE_NO_BACKSLASH_ESCAPES 0x100000.
  public var sqlMode: UInt64?
  /// IDs of collations: of the client's character set, the connection's and the server's collation.
  public var clientCharacterSet: UInt16?
  public var connectionCollation: UInt16?
  public var serverCollation: UInt16?
  public var timeZone: String?
  /// The default schema's collation, where it is not the server's.
  public var schemaCollation: UInt16?
  /// `utf8mb4` alone means this collation (MySQL).
  public var defaultCollationForUTF8MB4: UInt16?
  /// The schemas whose tables it changes; nil if it says none, or more than the log can say (`hasManySchemas`).
  public var updatedSchemas: [String]?
  public var hasManySchemas = false
  public var explicitDefaultsForTimestamp: Bool?
  /// MariaDB's `character_set_collations`: collations that count where a statement names their character set alone.
  public var standardCollations: [UInt16] = []
  /// MariaDB's `binlog_alter_two_phase`: an ALTER TABLE that only begins here (2), is done (4) or was in vain (8).
  public var alterPhase: UInt8?
  /// The number of the transaction that a DDL statement is.
  public var xid: UInt64?
  /// Microseconds beside the header's timestamp.
  public var microseconds: UInt32?

  public init() {}

  /// A code that is not known ends the reading, as in the servers: its length is not known either.
  public init(decoding bytes: RawSpan) throws(WireError) {
    var reader = ByteReader(bytes)
    do throws(WireError) {
      while !reader.isAtEnd {
        let code = try reader.byte()
        guard try decode(code, from: &reader) else { return }
      }
    } catch {
      throw error.inside("status of a statement")
    }
  }

  @_lifetime(reader: copy reader)
  private mutating func decode(_ code: UInt8, from reader: inout ByteReader) throws(WireError) -> Bool {
    switch code {
    case 0: flags2 = try reader.littleEndian()
    case 1: sqlMode = try reader.littleEndian()
    case 2: try reader.skip(Int(try reader.byte()) + 1)
    case 3, 10: try reader.skip(4)
    case 4:
      clientCharacterSet = try reader.littleEndian()
      connectionCollation = try reader.littleEndian()
      serverCollation = try reader.littleEndian()
    case 5: timeZone = String(decoding: try reader.bytes(Int(try reader.byte())))
    case 6: try reader.skip(Int(try reader.byte()))
    case 7: try reader.skip(2)
    case 8: schemaCollation = try reader.littleEndian()
    case 9: try reader.skip(8)
    case 11:
      try reader.skip(Int(try reader.byte()))
      try reader.skip(Int(try reader.byte()))
    case 12: try decodeSchemas(from: &reader)
    case 13: microseconds = UInt32(try reader.unsigned(bytes: 3))
    case 16: explicitDefaultsForTimestamp = try reader.byte() != 0
    case 17: xid = try reader.littleEndian()
    case 18: defaultCollationForUTF8MB4 = try reader.littleEndian()
    case 19, 20: try reader.skip(1)
    // MariaDB's own: microseconds, XID.
    case 128: microseconds = UInt32(try reader.unsigned(bytes: 3))
    case 129: xid = try reader.littleEndian()
    case 130:
      let phase = try reader.byte()
      alterPhase = phase
      // The end of one names the number of its beginning.
      if phase & 0x0C != 0 { try reader.skip(8) }
    case 131:
      for _ in 0..<(try reader.byte()) {
        try reader.skip(2)
        standardCollations.append(try reader.littleEndian())
      }
    default: return false
    }
    return true
  }

  /// "OVER_MAX_DBS_IN_EVENT_MTS" (254): too many to name them.
  @_lifetime(reader: copy reader)
  private mutating func decodeSchemas(from reader: inout ByteReader) throws(WireError) {
    let count = try reader.byte()
    guard count != 254 else {
      hasManySchemas = true
      return
    }
    var names: [String] = []
    for _ in 0..<count { names.append(try reader.string()) }
    updatedSchemas = names
  }
}
