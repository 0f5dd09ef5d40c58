// SPDX-License-Identifier: Apache-2.0
//
//   header   method in the top four bits (0: not packed, 8: zlib), 0x08: deflate without zlib's header and checksum,
//            how many bytes the length has in the lowest three
//   length   of the value, most significant byte first; none if it is not packed
//   data
internal import Wire

/// MariaDB's compressed columns (sql/field.cc, `Field_longstr::uncompress`). An empty value has no header.
final class ColumnUnpacking {
  /// zlib gives at most this many bytes for one: what a value claims beyond it is not true.
  private static let ratioMax = 1_100
  private var packed = ByteWriter()

  func withUnpacked(_ bytes: RawSpan, _ body: (RawSpan) throws(WireError) -> Void) throws(WireError) {
    if bytes.byteCount == 0 { return try body(bytes) }
    let header = bytes[0]
    let lengthSize = Int(header & 0x07)
    if header >> 4 == 0, lengthSize == 0 { return try body(bytes.extracting(1..<bytes.byteCount)) }
    guard header >> 4 == 8, lengthSize > 0, 1 + lengthSize <= bytes.byteCount else {
      throw WireError(.badValue("unknown method"), offset: 0, context: "compressed column")
    }
    let count = Int(bytes.bigEndian(1, min(lengthSize, 4)))
    let data = bytes.extracting((1 + lengthSize)..<bytes.byteCount)
    guard lengthSize <= 4, count <= data.byteCount * ColumnUnpacking.ratioMax else {
      throw WireError(.badLength(count), offset: 1, context: "compressed column")
    }
    let output = ReceiveBuffer()
    do throws(CompressionError) {
      if header & 0x08 == 0 {
        try Inflate.unpack(data, count: count, into: output)
      } else {
        try unpackWithoutHeader(data, count: count, into: output)
      }
    } catch {
      throw .compressed(1 + lengthSize)
    }
    guard output.count == count else { throw .compressed(1 + lengthSize) }
    try body(output.unread)
  }

  /// With a header of our own in front; the checksum behind, which is not there, is never asked for.
  private func unpackWithoutHeader(
    _ data: RawSpan, count: Int, into output: ReceiveBuffer
  ) throws(CompressionError) {
    packed.clear()
    packed.append([0x78, 0x9C] as [UInt8])
    packed.append(data)
    let inflate = try Inflate()
    var taken = 0
    while output.count < count {
      let room = count - output.count
      let step = try packed.withBytes(from: taken) { (rest) throws(CompressionError) in
        try inflate.unpack(rest, room: room, into: output)
      }
      taken += step.taken
      if step.isEnd || step.given == 0 && step.taken == 0 { return }
    }
  }
}

extension WireError {
  fileprivate static func compressed(_ offset: Int) -> WireError {
    WireError(.badValue("cannot be unpacked"), offset: offset, context: "compressed column")
  }
}
