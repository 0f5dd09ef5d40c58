// SPDX-License-Identifier: Apache-2.0
//
//   one phase  format  length of global, of branch   bytes
//   UInt8      UInt32  UInt32            UInt32
public import Wire

/// XA_PREPARE_LOG_EVENT: ends a transaction whose outcome comes later, unless it is of one phase.
public struct XAPrepareEvent: Equatable, Sendable {
  /// XA COMMIT … ONE PHASE: committed.
  public var isOnePhase: Bool
  public var xid: XAIdentifier

  public init(isOnePhase: Bool, xid: XAIdentifier) {
    self.isOnePhase = isOnePhase
    self.xid = xid
  }

  public init(decoding body: RawSpan) throws(WireError) {
    var reader = ByteReader(body)
    isOnePhase = try reader.byte() != 0
    let format: UInt32 = try reader.littleEndian()
    let global = Int(try reader.littleEndian(UInt32.self))
    let branch = Int(try reader.littleEndian(UInt32.self))
    xid = try XAIdentifier(format: format, global: global, branch: branch, from: &reader)
    try reader.end("")
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(isOnePhase ? 1 : 0 as UInt8)
    writer.append(littleEndian: xid.format)
    writer.append(littleEndian: UInt32(truncatingIfNeeded: xid.global.count))
    writer.append(littleEndian: UInt32(truncatingIfNeeded: xid.branch.count))
    writer.append(xid.global)
    writer.append(xid.branch)
  }
}
