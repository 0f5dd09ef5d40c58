// SPDX-License-Identifier: Apache-2.0
//
//   { field  length  value }  0      payload
//     packed packed                  to the end
public import Wire

/// TRANSACTION_PAYLOAD_EVENT: the events of a transaction, without checksums, packed as one.
@frozen
public struct TransactionPayloadEvent: ~Escapable {
  @frozen
  public enum Compression: UInt8, Sendable {
    case zstd = 0
    case none = 255
  }

  public let compression: Compression
  /// What the header claims; for comparison, never for memory.
  public let uncompressedSize: UInt64?
  public let payload: RawSpan

  @_lifetime(copy body)
  public init(decoding body: RawSpan) throws(WireError) {
    var reader = ByteReader(body)
    var size: UInt64?
    var algorithm: Compression?
    var uncompressed: UInt64?
    while true {
      let field = try reader.lengthEncoded()
      if field == 0 { break }
      let start = reader.offset
      var value = ByteReader(try reader.lengthEncodedBytes())
      switch field {
      case 1: size = try value.lengthEncoded()
      case 2:
        let number = try value.lengthEncoded()
        guard number < 256, let known = Compression(rawValue: UInt8(number)) else {
          throw WireError(.badValue("unknown compression"), offset: start)
        }
        algorithm = known
      case 3: uncompressed = try value.lengthEncoded()
      default: break
      }
    }
    guard let algorithm else { throw WireError(.badValue("payload without its compression"), offset: reader.offset) }
    compression = algorithm
    uncompressedSize = uncompressed
    let start = reader.offset
    payload = reader.rest()
    if let size, size != UInt64(payload.byteCount) { throw WireError(.badLength(Int(clamping: size)), offset: start) }
  }

  @_lifetime(copy payload)
  public init(compression: Compression, uncompressedSize: UInt64?, payload: RawSpan) {
    self.compression = compression
    self.uncompressedSize = uncompressedSize
    self.payload = payload
  }

  public func encode(to writer: inout ByteWriter) {
    // The server's order: compression, then uncompressed size unless there is none, then the payload's size.
    var value = ByteWriter()
    func field(_ number: UInt8, _ content: UInt64) {
      value.clear()
      value.append(lengthEncoded: content)
      writer.append(number)
      writer.append(lengthEncoded: value.bytes)
    }
    field(2, UInt64(compression.rawValue))
    if let uncompressedSize { field(3, uncompressedSize) }
    field(1, UInt64(payload.byteCount))
    writer.append(0 as UInt8)
    writer.append(payload)
  }

  @usableFromInline
  @_lifetime(copy body)
  init(decoding body: RawSpan, _ header: EventHeader) throws(BinlogError) {
    do throws(WireError) {
      self = try TransactionPayloadEvent(decoding: body)
    } catch {
      throw BinlogError(malformed: error, header)
    }
  }
}
