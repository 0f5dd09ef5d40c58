// SPDX-License-Identifier: Apache-2.0
public import Wire

/// START_ENCRYPTION_EVENT of MariaDB: the events of the file from here on are encrypted on disk. The server decrypts
/// what it sends, so that in a stream it says nothing.
public struct StartEncryptionEvent: Equatable, Sendable {
  public var scheme: UInt8
  public var keyVersion: UInt32
  /// 12 bytes.
  public var nonce: [UInt8]

  public init(scheme: UInt8, keyVersion: UInt32, nonce: [UInt8]) {
    self.scheme = scheme
    self.keyVersion = keyVersion
    self.nonce = nonce
  }

  public init(decoding body: RawSpan) throws(WireError) {
    var reader = ByteReader(body)
    scheme = try reader.byte()
    keyVersion = try reader.littleEndian()
    nonce = try reader.bytes(12).array
    try reader.end("")
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(scheme)
    writer.append(littleEndian: keyVersion)
    writer.append(nonce)
  }
}
