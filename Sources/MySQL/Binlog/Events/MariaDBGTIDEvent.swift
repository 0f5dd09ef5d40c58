// SPDX-License-Identifier: Apache-2.0
//
//   sequence  domain  flags  [group commit]  [XID: format  lengths  bytes]  [more flags …]  zeros
//   UInt64    UInt32  UInt8  UInt64           UInt32 2 × UInt8              UInt8
public import Wire

/// GTID_EVENT of MariaDB: the next transaction's name; it begins the transaction too (there is no BEGIN).
public struct MariaDBGTIDEvent: Equatable, Sendable {
  public struct Flags: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The event group is one event (a DDL statement) without a COMMIT.
    public static let standalone = Flags(rawValue: 1)
    public static let groupCommit = Flags(rawValue: 2)
    public static let transactional = Flags(rawValue: 4)
    public static let allowParallel = Flags(rawValue: 8)
    public static let waited = Flags(rawValue: 16)
    public static let ddl = Flags(rawValue: 32)
    /// XA PREPARE: the group ends with XA_PREPARE_LOG_EVENT.
    public static let preparedXA = Flags(rawValue: 64)
    /// XA COMMIT or XA ROLLBACK of an earlier group.
    public static let completedXA = Flags(rawValue: 128)
  }

  /// `server` is the one of the event's header.
  public var gtid: MariaDBGTID
  public var flags: Flags
  /// With `groupCommit`: transactions with the same number were committed together.
  public var commitID: UInt64?
  /// With `preparedXA` or `completedXA`.
  public var xid: XAIdentifier?
  /// Since 10.6: a byte of flags and what belongs to them; or zeros up to the length that older versions had.
  public var extra: [UInt8]

  /// ALTER TABLE in two events (`binlog_alter_two_phase`): `start` says that it has begun and changes nothing yet.
  public enum Alteration: Sendable {
    case start, commit, rollback
  }

  public var alteration: Alteration? {
    guard let flags = extra.first else { return nil }
    if flags & 2 != 0 { return .start }
    if flags & 4 != 0 { return .commit }
    return flags & 8 != 0 ? .rollback : nil
  }

  public init(gtid: MariaDBGTID, flags: Flags, commitID: UInt64? = nil, xid: XAIdentifier? = nil, extra: [UInt8] = []) {
    self.gtid = gtid
    self.flags = flags
    self.commitID = commitID
    self.xid = xid
    self.extra = extra
  }

  public init(decoding body: RawSpan, server: UInt32) throws(WireError) {
    var reader = ByteReader(body)
    let sequence: UInt64 = try reader.littleEndian()
    gtid = MariaDBGTID(domain: try reader.littleEndian(), server: server, sequence: sequence)
    flags = Flags(rawValue: try reader.byte())
    if flags.contains(.groupCommit) { commitID = try reader.littleEndian() }
    if flags.contains(.preparedXA) || flags.contains(.completedXA) {
      let format: UInt32 = try reader.littleEndian()
      let global = Int(try reader.byte())
      let branch = Int(try reader.byte())
      xid = try XAIdentifier(format: format, global: global, branch: branch, from: &reader)
    }
    extra = reader.rest().array
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian: gtid.sequence)
    writer.append(littleEndian: gtid.domain)
    writer.append(flags.rawValue)
    if let commitID { writer.append(littleEndian: commitID) }
    if let xid {
      writer.append(littleEndian: xid.format)
      writer.append(UInt8(truncatingIfNeeded: xid.global.count))
      writer.append(UInt8(truncatingIfNeeded: xid.branch.count))
      writer.append(xid.global)
      writer.append(xid.branch)
    }
    writer.append(extra)
  }
}
