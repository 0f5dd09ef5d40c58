// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// Reads the events of one stream, or of one file, in order: checks and takes off checksums, unpacks, and knows where
/// in the log it is. It does no I/O.
///
/// A new connection takes a new decoder.
public final class BinlogDecoder {
  /// What a log file begins with, before its first event.
  public static let fileMagic: [UInt8] = [0xFE, 0x62, 0x69, 0x6E]

  /// Of the file that is being read; nil before its first event.
  public private(set) var format: FormatDescription?
  /// Bytes that an event may have once it is unpacked. 1 GiB is the servers' own limit (`max_allowed_packet`).
  public let maximumEventSize: Int

  var location = LogPosition()
  private let checksumAsked: ChecksumAlgorithm?
  private var packed: PackedBytes?
  private var payload: PayloadStream?
  /// Bytes of the event that the sink has not taken whole: it comes again.
  private var pausedSize: Int?

  /// - Parameters:
  ///   - checksumAsked: `@source_binlog_checksum` as the replica set it: counts for the artificial rotate event before
  ///     the first format description, which says it for all that follows. Nil: that event has a checksum if its last
  ///     four bytes are one.
  ///   - file, offset: where a file is read, or a stream that does not begin with a rotate event.
  public init(
    checksumAsked: ChecksumAlgorithm? = nil, file: String = "", offset: UInt64 = 4, maximumEventSize: Int = 1 << 30
  ) {
    self.checksumAsked = checksumAsked
    self.maximumEventSize = maximumEventSize
    location.rotate(to: file, offset: offset)
  }

  /// Where the next event begins: the end of the last one that was delivered.
  public var position: BinlogFilePosition { BinlogFilePosition(file: location.file, offset: location.offset) }

  /// Hands `event` (header, body and checksum) to the sink: as it is, or the events that it holds.
  ///
  /// `.more`: done. `.pause`: done, and the sink wants a rest. `.again`: the sink wants a rest before it is done; the
  /// same bytes are to be delivered again and go on where they were. Just what a `BinlogSink` answers.
  public func deliver<S: BinlogEventSink & ~Copyable>(
    _ event: RawSpan, into sink: inout S
  ) throws(BinlogDrainError<S.Failure>) -> BinlogFlow {
    let header: EventHeader
    var next = location
    // A format description has the bytes of a checksum whatever it says.
    let checksumCount: Int
    do throws(BinlogError) {
      header = try readHeader(event, &next)
      let algorithm = header.type == .formatDescription ? .crc32 : format?.checksum ?? checksumBeforeFormat(event)
      checksumCount = algorithm.byteCount
      try checkLength(event, header, checksumCount)
      // An event that comes again has been verified; large ones may come often.
      if pausedSize == nil, algorithm == .crc32 { try verify(event, header) }
    } catch {
      throw .log(error)
    }
    precondition(pausedSize == nil || pausedSize == event.byteCount, "another event than the one that was paused")
    let body = event.extracting(EventHeader.byteCount..<event.byteCount - checksumCount)
    let flow: BinlogFlow
    do throws(BinlogDrainError<S.Failure>) {
      flow = try deliver(body, header, &next, into: &sink)
    } catch {
      pausedSize = nil
      if case .sink = error, payload != nil { pausedSize = event.byteCount } else { payload = nil }
      throw error
    }
    pausedSize = flow == .again ? event.byteCount : nil
    if flow != .again { location = next }
    return flow
  }

  /// The header with its positions.
  private func readHeader(_ event: RawSpan, _ next: inout LogPosition) throws(BinlogError) -> EventHeader {
    var header: EventHeader
    do throws(WireError) {
      header = try EventHeader(decoding: event)
    } catch {
      throw BinlogError(.malformed(error), type: EventType(rawValue: 0), position: location.offset)
    }
    guard header.size == UInt32(exactly: event.byteCount), header.size >= EventHeader.byteCount else {
      let error = WireError(.badLength(Int(header.size)), offset: 9, context: "event header")
      throw BinlogError(.malformed(error), type: header.type, position: location.offset)
    }
    next.take(&header)
    return header
  }

  private func checksumBeforeFormat(_ event: RawSpan) -> ChecksumAlgorithm {
    if let checksumAsked { return checksumAsked }
    let end = event.byteCount - 4
    guard end >= EventHeader.byteCount else { return .none }
    return CRC32.of(event.extracting(0..<end)) == Self.checksum(event, at: end) ? .crc32 : .none
  }

  private static func checksum(_ event: RawSpan, at offset: Int) -> UInt32 {
    unsafe UInt32(littleEndian: event.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  private func checkLength(_ event: RawSpan, _ header: EventHeader, _ checksumCount: Int) throws(BinlogError) {
    let needed = EventHeader.byteCount + checksumCount
    guard event.byteCount >= needed else {
      let error = WireError(.short(needed: needed, available: event.byteCount), offset: 0, context: "checksum")
      throw BinlogError(.malformed(error), type: header.type, position: header.position)
    }
  }

  private func verify(_ event: RawSpan, _ header: EventHeader) throws(BinlogError) {
    let end = event.byteCount - 4
    let computed: UInt32
    if header.type == .formatDescription {
      // The last byte says whether the four behind it are a checksum.
      if event[end - 1] == ChecksumAlgorithm.none.rawValue { return }
      // The flag "in use" is set and cleared without counting the checksum again.
      var flags = ByteWriter()
      flags.append(littleEndian: header.flags.subtracting(.inUse).rawValue)
      let head = CRC32.of(flags.bytes, after: CRC32.of(event.extracting(0..<17)))
      computed = CRC32.of(event.extracting(EventHeader.byteCount..<end), after: head)
    } else {
      computed = CRC32.of(event.extracting(0..<end))
    }
    let found = Self.checksum(event, at: end)
    guard found == computed else {
      throw BinlogError(.checksum(computed: computed, found: found), type: header.type, position: header.position)
    }
  }

  private func deliver<S: BinlogEventSink & ~Copyable>(
    _ body: RawSpan, _ header: EventHeader, _ next: inout LogPosition, into sink: inout S
  ) throws(BinlogDrainError<S.Failure>) -> BinlogFlow {
    // Only these two mean something before the format is known.
    let known: FormatDescription
    if let format {
      known = format
    } else if header.type == .rotate || header.type == .formatDescription {
      known = FormatDescription(serverVersion: "", postHeaderLengths: [])
    } else {
      throw .log(BinlogError(.beforeFormatDescription, header))
    }
    if header.type == .transactionPayload { return try deliverPayload(body, header, known, into: &sink) }
    if header.type.isPacked { return try deliverPacked(body, header, known, into: &sink) }
    let event: BinlogEvent
    do throws(BinlogError) {
      event = try BinlogEvent(decoding: body, header: header, format: known)
    } catch {
      throw .log(error)
    }
    let flow = try send(event, header, into: &sink)
    if flow == .again { return flow }
    switch event {
    case .formatDescription(let description): format = description
    case .rotate(let rotate): next.rotate(to: String(decoding: rotate.file), offset: rotate.position)
    case .heartbeat(let heartbeat):
      next.skip(to: heartbeat.position ?? UInt64(header.logPosition), isLong: heartbeat.position != nil)
    default: break
    }
    return flow
  }

  private func send<S: BinlogEventSink & ~Copyable>(
    _ event: borrowing BinlogEvent, _ header: EventHeader, into sink: inout S
  ) throws(BinlogDrainError<S.Failure>) -> BinlogFlow {
    do throws(S.Failure) { return try sink.receive(event, header) } catch { throw .sink(error) }
  }
}

/// Events that hold packed bytes.
extension BinlogDecoder {
  /// MariaDB's: a statement, or rows.
  private func deliverPacked<S: BinlogEventSink & ~Copyable>(
    _ body: RawSpan, _ header: EventHeader, _ format: FormatDescription, into sink: inout S
  ) throws(BinlogDrainError<S.Failure>) -> BinlogFlow {
    let packed: PackedBytes
    let event: BinlogEvent
    do throws(BinlogError) {
      packed = try unpacker(for: header)
      event = try BinlogEvent(decoding: body, header: header, format: format)
      if pausedSize == nil {
        switch event {
        case .query(let query): try packed.unpack(query.statement, header, limit: maximumEventSize)
        case .rows(let rows): try packed.unpack(rows.rows, header, limit: maximumEventSize)
        default: break
        }
      }
    } catch {
      throw .log(error)
    }
    switch event {
    case .query(let query):
      return try send(.query(QueryEvent(query, unpacked: packed.unpacked)), header, into: &sink)
    case .rows(let rows):
      return try send(.rows(RowsEvent(rows, unpacked: packed.unpacked)), header, into: &sink)
    default: return .more
    }
  }

  private func unpacker(for header: EventHeader) throws(BinlogError) -> PackedBytes {
    if let packed { return packed }
    do throws(CompressionError) {
      let made = try PackedBytes()
      packed = made
      return made
    } catch {
      throw BinlogError(.packed("\(error)"), header)
    }
  }

  /// MySQL's: a transaction. One inner event is in memory at a time.
  private func deliverPayload<S: BinlogEventSink & ~Copyable>(
    _ body: RawSpan, _ header: EventHeader, _ format: FormatDescription, into sink: inout S
  ) throws(BinlogDrainError<S.Failure>) -> BinlogFlow {
    let event: TransactionPayloadEvent
    let stream: PayloadStream
    do throws(BinlogError) {
      event = try TransactionPayloadEvent(decoding: body, header)
      if let payload {
        stream = payload
      } else {
        stream = try PayloadStream(event.compression, header, limit: maximumEventSize)
      }
    } catch {
      throw .log(error)
    }
    payload = stream
    while true {
      var inner: EventHeader
      do throws(BinlogError) {
        guard let next = try stream.next(in: event.payload, header) else { break }
        inner = next
      } catch {
        throw .log(error)
      }
      inner.position = header.position
      inner.endPosition = header.endPosition
      inner.isInPayload = true
      let flow = try stream.withEvent(inner) { (bytes) throws(BinlogDrainError<S.Failure>) in
        try deliverInner(bytes.extracting(EventHeader.byteCount..<bytes.byteCount), inner, format, into: &sink)
      }
      if flow == .again { return .again }
      stream.advance(inner)
      // What follows, if only the payload's end, follows when it comes again.
      if flow == .pause { return .again }
    }
    payload = nil
    if let size = event.uncompressedSize, size != stream.delivered {
      throw .log(BinlogError(.packed("holds \(stream.delivered) bytes, \(size) were said"), header))
    }
    return .more
  }

  private func deliverInner<S: BinlogEventSink & ~Copyable>(
    _ body: RawSpan, _ header: EventHeader, _ format: FormatDescription, into sink: inout S
  ) throws(BinlogDrainError<S.Failure>) -> BinlogFlow {
    let event: BinlogEvent
    do throws(BinlogError) {
      switch header.type {
      // What is about the file cannot be part of a transaction.
      case .formatDescription, .rotate, .transactionPayload, .heartbeat, .heartbeatV2, .stop:
        throw BinlogError(.unsupported, header)
      default: event = try BinlogEvent(decoding: body, header: header, format: format)
      }
    } catch {
      throw .log(error)
    }
    return try send(event, header, into: &sink)
  }
}
