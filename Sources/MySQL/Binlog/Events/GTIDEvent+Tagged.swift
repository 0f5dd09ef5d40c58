// SPDX-License-Identifier: Apache-2.0
//
//   format  size  last field not to be ignored  { field number  value }
//   1                                              all of them variable-length integers (ByteReader+Serialized.swift)
internal import Wire

/// GTID_TAGGED_LOG_EVENT: fields by number, each optional.
extension GTIDEvent {
  init(decodingTagged body: RawSpan) throws(WireError) {
    var reader = ByteReader(body)
    guard try reader.serializedUnsigned() == 1 else {
      throw WireError(.badValue("unknown serialization format"), offset: 0)
    }
    let size = try reader.serializedUnsigned()
    guard size == UInt64(body.byteCount) else { throw WireError(.badLength(Int(clamping: size)), offset: 1) }
    let last = try reader.serializedUnsigned()
    self.init(form: .tagged, gtid: GTID(uuid: ServerUUID(high: 0, low: 0), number: 0))
    lastNonIgnorableField = last
    var next: UInt64 = 0
    while !reader.isAtEnd {
      let start = reader.offset
      let field = try reader.serializedUnsigned()
      guard field >= next else { throw WireError(.badValue("fields out of order"), offset: start) }
      next = field + 1
      if field > 11 {
        guard field > last else { throw WireError(.badValue("unknown field"), offset: start) }
        // Later fields come behind the known ones: nothing to find any more.
        break
      }
      try decode(field: field, from: &reader)
    }
    guard (1...GTID.maximumNumber).contains(gtid.number) else {
      throw WireError(.badValue("impossible GTID"), offset: 0)
    }
  }

  @_lifetime(reader: copy reader)
  private mutating func decode(field: UInt64, from reader: inout ByteReader) throws(WireError) {
    let start = reader.offset
    switch field {
    case 0: flags = UInt8(truncatingIfNeeded: try reader.serializedUnsigned())
    case 1:
      var halves: (UInt64, UInt64) = (0, 0)
      for _ in 0..<16 {
        let byte = try reader.serializedUnsigned()
        guard byte < 256 else { throw WireError(.badValue("no byte of a UUID"), offset: start) }
        halves = (halves.0 << 8 | halves.1 >> 56, halves.1 << 8 | byte)
      }
      gtid.source.uuid = ServerUUID(high: halves.0, low: halves.1)
    case 2: gtid.number = UInt64(clamping: try reader.serializedSigned())
    case 3:
      let length = try reader.serializedUnsigned()
      guard length <= UInt64(GTID.maximumTagLength) else {
        throw WireError(.badLength(Int(clamping: length)), offset: start)
      }
      if length == 0 { return }
      guard let tag = GTID.Source.tag(String(decoding: try reader.bytes(Int(length)))) else {
        throw WireError(.badValue("no GTID tag"), offset: start)
      }
      gtid.source.tag = tag
    case 4: lastCommitted = try reader.serializedSigned()
    case 5: sequenceNumber = try reader.serializedSigned()
    case 6: immediateCommitTime = try reader.serializedUnsigned()
    case 7: originalCommitTime = try reader.serializedUnsigned()
    case 8: transactionLength = try reader.serializedUnsigned()
    case 9: immediateServerVersion = UInt32(truncatingIfNeeded: try reader.serializedUnsigned())
    case 10: originalServerVersion = UInt32(truncatingIfNeeded: try reader.serializedUnsigned())
    default: commitGroupTicket = try reader.serializedUnsigned()
    }
  }

  func encodeTagged(to writer: inout ByteWriter) {
    var fields = ByteWriter()
    fields.append(serialized: lastNonIgnorableField)
    fields.append(serialized: 0)
    fields.append(serialized: UInt64(flags))
    fields.append(serialized: 1)
    for half in [gtid.uuid.high, gtid.uuid.low] {
      for shift in 1...8 { fields.append(serialized: half >> UInt64(64 - 8 * shift) & 0xFF) }
    }
    fields.append(serialized: 2)
    fields.append(serializedSigned: Int64(clamping: gtid.number))
    fields.append(serialized: 3)
    fields.append(serialized: UInt64(gtid.tag.utf8.count))
    fields.append(gtid.tag)
    fields.append(serialized: 4)
    fields.append(serializedSigned: lastCommitted)
    fields.append(serialized: 5)
    fields.append(serializedSigned: sequenceNumber)
    let optional: [(UInt64, UInt64?)] = [
      (6, immediateCommitTime), (7, originalCommitTime), (8, transactionLength),
      (9, immediateServerVersion.map(UInt64.init)), (10, originalServerVersion.map(UInt64.init)),
      (11, commitGroupTicket),
    ]
    for (number, value) in optional {
      guard let value else { continue }
      fields.append(serialized: number)
      fields.append(serialized: value)
    }
    // The size counts itself; an event is below 128 bytes or takes one byte more for it.
    let size = 2 + fields.count
    writer.append(serialized: 1)
    writer.append(serialized: UInt64(size < 128 ? size : size + 1))
    writer.append(fields.bytes)
  }
}
