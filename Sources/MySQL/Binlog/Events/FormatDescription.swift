// SPDX-License-Identifier: Apache-2.0
//
//   version  server version      created  header length  post-header lengths  checksum algorithm
//   UInt16   50 bytes, 0-filled  UInt32   UInt8          UInt8 × types        UInt8
public import Wire

/// FORMAT_DESCRIPTION_EVENT: how the events of the file that follow are laid out. The first event of each file.
public struct FormatDescription: Equatable, Sendable {
  public var version: UInt16
  public var serverVersion: String { didSet { isMariaDB = Self.isMariaDB(serverVersion) } }
  /// Seconds since 1970; 0 if the server did not start with this file.
  public var created: UInt32
  public var headerLength: UInt8
  /// Bytes of fixed fields behind the header, for event types from 1 on.
  public var postHeaderLengths: [UInt8]
  public var checksum: ChecksumAlgorithm
  public private(set) var isMariaDB: Bool

  private static func isMariaDB(_ version: String) -> Bool { version.contains("MariaDB") }

  public init(
    serverVersion: String, created: UInt32 = 0, postHeaderLengths: [UInt8], checksum: ChecksumAlgorithm = .crc32
  ) {
    self.version = 4
    self.serverVersion = serverVersion
    isMariaDB = Self.isMariaDB(serverVersion)
    self.created = created
    self.headerLength = UInt8(EventHeader.byteCount)
    self.postHeaderLengths = postHeaderLengths
    self.checksum = checksum
  }

  /// `body` is without header and checksum. Its last byte is the algorithm: in every server since MySQL 5.6 and
  /// MariaDB 5.3.
  public init(decoding body: RawSpan) throws(WireError) {
    var reader = ByteReader(body)
    version = try reader.littleEndian()
    guard version == 4 else { throw WireError(.badValue("binary log version is not 4"), offset: 0) }
    let name = try reader.bytes(50)
    serverVersion = String(decoding: name.extracting(0..<(name.firstIndex(of: 0) ?? 50)))
    isMariaDB = Self.isMariaDB(serverVersion)
    created = try reader.littleEndian()
    headerLength = try reader.byte()
    guard headerLength == EventHeader.byteCount else {
      throw WireError(.badLength(Int(headerLength)), offset: reader.offset - 1)
    }
    // Down to TABLE_MAP at least: what is older has no rows.
    guard reader.remaining > 26 else {
      throw WireError(.short(needed: 27, available: reader.remaining), offset: reader.offset)
    }
    postHeaderLengths = try reader.bytes(reader.remaining - 1).array
    let number = try reader.byte()
    guard let algorithm = ChecksumAlgorithm(rawValue: number) else {
      throw WireError(.badValue("unknown checksum algorithm"), offset: reader.offset - 1)
    }
    checksum = algorithm
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian: version)
    let name = Array(serverVersion.utf8.prefix(50))
    writer.append(name + [UInt8](repeating: 0, count: 50 - name.count))
    writer.append(littleEndian: created)
    writer.append(headerLength)
    writer.append(postHeaderLengths)
    writer.append(checksum.rawValue)
  }

  /// Bytes of the fixed fields of `type`; nil if the server did not know it.
  func postHeaderLength(of type: EventType) -> Int? { Self.postHeaderLength(of: type, postHeaderLengths) }

  static func postHeaderLength(of type: EventType, _ lengths: [UInt8]) -> Int? {
    let index = Int(type.rawValue) - 1
    return lengths.indices.contains(index) ? Int(lengths[index]) : nil
  }
}
