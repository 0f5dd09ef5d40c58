// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// The client's name of a distributed transaction: `XA PREPARE 'global','branch',format`.
public struct XAIdentifier: Hashable, Sendable, CustomStringConvertible {
  /// 1 if the client names none.
  public var format: UInt32
  /// Up to 64 bytes each.
  public var global: [UInt8]
  public var branch: [UInt8]

  public init(format: UInt32, global: [UInt8], branch: [UInt8]) {
    self.format = format
    self.global = global
    self.branch = branch
  }

  @_lifetime(reader: copy reader)
  init(format: UInt32, global: Int, branch: Int, from reader: inout ByteReader) throws(WireError) {
    guard (0...64).contains(global), (0...64).contains(branch) else {
      throw WireError(.badLength(max(global, branch)), offset: reader.offset)
    }
    self.format = format
    self.global = try reader.bytes(global).array
    self.branch = try reader.bytes(branch).array
  }

  /// As the server writes it in statements: `X'78',X'62',1`.
  public var description: String { "X'\(String(hex: global))',X'\(String(hex: branch))',\(format)" }
}
