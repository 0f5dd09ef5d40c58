// SPDX-License-Identifier: Apache-2.0
//
//   flags  UUID      number  type   last committed  sequence
//   UInt8  16 bytes  UInt64  2      Int64           Int64
//   immediate commit  [original commit]  transaction length  immediate version  [original version]  [ticket]
//   7 bytes, top bit: original follows   packed integer      UInt32, top bit: original follows      UInt64
public import Wire

/// GTID_EVENT, ANONYMOUS_GTID_EVENT and GTID_TAGGED_LOG_EVENT of MySQL: the next transaction's name.
public struct GTIDEvent: Equatable, Sendable {
  /// How it is laid out.
  public enum Form: Sendable {
    case plain, anonymous, tagged
  }

  public var form: Form
  /// 1: the transaction may hold statements instead of rows.
  public var flags: UInt8
  /// Number 0 and all zeros if it is anonymous.
  public var gtid: GTID
  /// Logical clock: which transactions may be applied at the same time.
  public var lastCommitted: Int64 = 0
  public var sequenceNumber: Int64 = 0
  /// False: the logical clock is missing, as MySQL 5.6 wrote it.
  public var hasLogicalClock = true
  /// Microseconds since 1970; nil before MySQL 8.0.
  public var immediateCommitTime: UInt64?
  /// Nil: the same.
  public var originalCommitTime: UInt64?
  /// Bytes of the transaction's events, this one included.
  public var transactionLength: UInt64?
  /// 90704 is 9.7.4.
  public var immediateServerVersion: UInt32?
  /// Nil: the same.
  public var originalServerVersion: UInt32?
  public var commitGroupTicket: UInt64?
  /// Of the tagged form: fields above this number may be skipped by who does not know them.
  var lastNonIgnorableField: UInt64 = 0

  public init(form: Form, flags: UInt8 = 0, gtid: GTID) {
    self.form = form
    self.flags = flags
    self.gtid = gtid
  }

  public init(decoding body: RawSpan, type: EventType) throws(WireError) {
    if type == .taggedGTID {
      try self.init(decodingTagged: body)
      return
    }
    var reader = ByteReader(body)
    let flags = try reader.byte()
    let uuid = try ServerUUID(from: &reader)
    let gtid = GTID(uuid: uuid, number: try reader.littleEndian())
    self.init(form: type == .anonymousGTID ? .anonymous : .plain, flags: flags, gtid: gtid)
    guard form == .anonymous || (1...GTID.maximumNumber).contains(gtid.number) else {
      throw WireError(.badValue("impossible GTID"), offset: 17)
    }
    if reader.isAtEnd {
      hasLogicalClock = false
      return
    }
    guard try reader.byte() == 2 else { throw WireError(.badValue("unknown logical clock"), offset: 25) }
    lastCommitted = try reader.littleEndian()
    sequenceNumber = try reader.littleEndian()
    if reader.isAtEnd { return }
    let time = try reader.unsigned(bytes: 7)
    immediateCommitTime = time & ~Self.timeFlag
    if time & Self.timeFlag != 0 { originalCommitTime = try reader.unsigned(bytes: 7) }
    if reader.isAtEnd { return }
    transactionLength = try reader.lengthEncoded()
    if reader.isAtEnd { return }
    let version: UInt32 = try reader.littleEndian()
    immediateServerVersion = version & ~Self.versionFlag
    if version & Self.versionFlag != 0 { originalServerVersion = try reader.littleEndian() }
    if reader.isAtEnd { return }
    commitGroupTicket = try reader.littleEndian()
    try reader.end("")
  }

  private static let timeFlag: UInt64 = 1 << 55
  private static let versionFlag: UInt32 = 1 << 31

  public func encode(to writer: inout ByteWriter) {
    if form == .tagged { return encodeTagged(to: &writer) }
    writer.append(flags)
    gtid.uuid.encode(to: &writer)
    writer.append(littleEndian: gtid.number)
    guard hasLogicalClock else { return }
    writer.append(2 as UInt8)
    writer.append(littleEndian: lastCommitted)
    writer.append(littleEndian: sequenceNumber)
    guard let immediateCommitTime else { return }
    writer.append(unsigned: immediateCommitTime | (originalCommitTime == nil ? 0 : Self.timeFlag), bytes: 7)
    if let originalCommitTime { writer.append(unsigned: originalCommitTime, bytes: 7) }
    guard let transactionLength else { return }
    writer.append(lengthEncoded: transactionLength)
    guard let immediateServerVersion else { return }
    writer.append(littleEndian: immediateServerVersion | (originalServerVersion == nil ? 0 : Self.versionFlag))
    if let originalServerVersion { writer.append(littleEndian: originalServerVersion) }
    if let commitGroupTicket { writer.append(littleEndian: commitGroupTicket) }
  }
}
