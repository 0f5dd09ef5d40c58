// SPDX-License-Identifier: Apache-2.0
//
//   count   { UUID     [tag]            intervals { start   end   } }
//   UInt64    16 bytes length ×2, bytes UInt64      UInt64  UInt64      integers least significant byte first
public import Wire

/// The form of PREVIOUS_GTIDS_EVENT and COM_BINLOG_DUMP_GTID.
///
/// Where a tag is in the set (MySQL 8.3+) the first eight bytes are the format's number, 1, in the lowest and the
/// highest byte with the count between; each source then has its tag.
extension GTIDSet {
  public init(decoding bytes: RawSpan) throws(WireError) {
    var reader = ByteReader(bytes)
    do throws(WireError) {
      self = try GTIDSet(from: &reader)
      try reader.end("")
    } catch {
      throw error.inside("GTID set")
    }
  }

  @_lifetime(reader: copy reader)
  init(from reader: inout ByteReader) throws(WireError) {
    self.init()
    let head: UInt64 = try reader.littleEndian()
    let isTagged: Bool
    switch UInt8(truncatingIfNeeded: head >> 56) {
    case 0: isTagged = false
    case 1: isTagged = true
    default: throw WireError(.badValue("unknown format of a GTID set"), offset: reader.offset - 1)
    }
    let count = isTagged ? (head << 8) >> 16 : head
    // A source takes 24 bytes at least.
    guard count <= UInt64(reader.remaining / 24) else {
      throw WireError(.badLength(Int(clamping: count)), offset: 0)
    }
    for _ in 0..<count {
      var source = GTID.Source(uuid: try ServerUUID(from: &reader))
      if isTagged { source.tag = try Self.tag(from: &reader) }
      let intervals: UInt64 = try reader.littleEndian()
      guard intervals <= UInt64(reader.remaining / 16) else {
        throw WireError(.badLength(Int(clamping: intervals)), offset: reader.offset - 8)
      }
      for _ in 0..<intervals {
        let start: UInt64 = try reader.littleEndian()
        let end: UInt64 = try reader.littleEndian()
        guard start > 0, start < end, end <= GTID.maximumNumber + 1 else {
          throw WireError(.badValue("impossible GTID interval"), offset: reader.offset - 16)
        }
        add(Interval(start: start, end: end), to: source)
      }
    }
  }

  /// The tag's length is a variable-length integer as in a tagged GTID event; up to 32 it is one byte, twice
  /// the length.
  @_lifetime(reader: copy reader)
  private static func tag(from reader: inout ByteReader) throws(WireError) -> String {
    let start = reader.offset
    let length = try reader.serializedUnsigned()
    guard length <= UInt64(GTID.maximumTagLength) else {
      throw WireError(.badLength(Int(clamping: length)), offset: start)
    }
    if length == 0 { return "" }
    guard let tag = GTID.Source.tag(String(decoding: try reader.bytes(Int(length)))) else {
      throw WireError(.badValue("no GTID tag"), offset: start)
    }
    return tag
  }

  public func encode(to writer: inout ByteWriter) {
    let isTagged = entries.contains { !$0.source.tag.isEmpty }
    let count = UInt64(entries.count)
    writer.append(littleEndian: isTagged ? 1 << 56 | count << 8 | 1 : count)
    for entry in entries {
      entry.source.uuid.encode(to: &writer)
      if isTagged {
        writer.append(UInt8(truncatingIfNeeded: entry.source.tag.utf8.count * 2))
        writer.append(entry.source.tag)
      }
      writer.append(littleEndian: UInt64(entry.intervals.count))
      for interval in entry.intervals {
        writer.append(littleEndian: interval.start)
        writer.append(littleEndian: interval.end)
      }
    }
  }
}
