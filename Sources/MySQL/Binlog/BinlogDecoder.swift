// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// Reads the events of one stream, or of one file, in order: checks and takes off checksums, unpacks, and knows where
/// in the log it is. It does no I/O.
///
/// A new connection takes a new decoder.
public final class BinlogDecoder {
  /// What a log file begins with, before its first event.
  public static let fileMagic: [UInt8] = [0xFE, 0x62, 0x69, 0x6E]

  /// Bytes that an event may have once it is unpacked. 1 GiB is the servers' own limit (`max_allowed_packet`).
  public let maximumEventSize: Int

  /// Of the file that is being read; nil before its first event.
  public private(set) var format: FormatDescription?
  // What each event asks of it: to read a value that holds references costs more than these.
  private var checksum: ChecksumAlgorithm?
  private var isMariaDB = false
  private var postHeaderLengths: [UInt8] = []

  private let checksumAsked: ChecksumAlgorithm?
  private var file: String
  /// Where the next event begins.
  var offset: UInt64
  var packed: PackedBytes?
  var payload: PayloadStream?
  /// Bytes of the event that the sink has not taken whole: it comes again.
  var pausedSize: UInt32?

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
    self.file = file
    self.offset = offset
  }

  /// Where the next event begins: the end of the last one that was delivered.
  public var position: BinlogFilePosition { BinlogFilePosition(file: file, offset: offset) }

  /// Hands an event (header, body and checksum) to the sink: as it is, or the events that it holds.
  ///
  /// `.more`: done. `.pause`: done, and the sink wants a rest. `.again`: the sink wants a rest before it is done; the
  /// same bytes are to be delivered again and go on where they were. Just what a `BinlogSink` answers.
  ///
  /// Compiled for each kind of sink: what generic code must know of types costs as much as a small event. What no sink
  /// has to do with is in functions of its own.
  @inlinable
  public func deliver<S: BinlogEventSink & ~Copyable>(
    _ bytes: RawSpan, into sink: inout S
  ) throws(BinlogDrainError<S.Failure>) -> BinlogFlow {
    let raw: RawEvent
    do throws(BinlogError) { raw = try read(bytes) } catch { throw .log(error) }
    if raw.header.type == .transactionPayload { return try deliverInner(of: raw, into: &sink) }
    let event: BinlogEvent
    do throws(BinlogError) {
      event = try decode(raw)
    } catch {
      abandon()
      throw .log(error)
    }
    let flow: BinlogFlow
    do throws(S.Failure) {
      flow = try sink.receive(event, raw.header)
    } catch {
      abandon()
      throw .sink(error)
    }
    settle(event, raw.header, flow)
    return flow
  }

  /// Takes header and checksum off.
  @usableFromInline
  @_lifetime(copy bytes)
  func read(_ bytes: RawSpan) throws(BinlogError) -> RawEvent {
    let header = try readHeader(bytes)
    // A format description has the bytes of a checksum whatever it says.
    let algorithm = header.type == .formatDescription ? .crc32 : checksum ?? checksumBeforeFormat(bytes)
    try checkLength(bytes, header, algorithm.byteCount)
    // An event that comes again has been verified; large ones may come often.
    if pausedSize == nil {
      if algorithm == .crc32 { try verify(bytes, header) }
    } else {
      precondition(pausedSize == header.size, "another event than the one that was paused")
    }
    // Only these two mean something before the format is known.
    if checksum == nil, header.type != .rotate, header.type != .formatDescription {
      throw BinlogError(.beforeFormatDescription, header)
    }
    let end = bytes.byteCount - algorithm.byteCount
    return RawEvent(header: header, body: bytes.extracting(EventHeader.byteCount..<end))
  }

  /// The event, unpacked.
  @usableFromInline
  @_lifetime(copy raw, borrow self)
  func decode(_ raw: borrowing RawEvent) throws(BinlogError) -> BinlogEvent {
    if raw.header.type.isPacked { return try unpack(raw) }
    return try decode(raw.body, raw.header)
  }

  @inline(__always)
  @_lifetime(copy body)
  func decode(_ body: RawSpan, _ header: EventHeader) throws(BinlogError) -> BinlogEvent {
    let length = FormatDescription.postHeaderLength(of: header.type, postHeaderLengths)
    return try BinlogEvent.decode(body, header, postHeaderLength: length, isMariaDB: isMariaDB)
  }

  /// The sink has answered: the log stands behind the event, unless it comes again.
  @usableFromInline
  func settle(_ event: borrowing BinlogEvent, _ header: EventHeader, _ flow: BinlogFlow) {
    if flow == .again {
      pausedSize = header.size
      return
    }
    pausedSize = nil
    offset = header.endPosition
    switch header.type {
    case .formatDescription, .rotate, .heartbeat, .heartbeatV2: move(by: event, header)
    default: break
    }
  }

  /// What is about the file, or the place in it.
  private func move(by event: borrowing BinlogEvent, _ header: EventHeader) {
    switch event {
    case .formatDescription(let description):
      format = description
      checksum = description.checksum
      isMariaDB = description.isMariaDB
      postHeaderLengths = description.postHeaderLengths
    case .rotate(let rotate):
      file = String(decoding: rotate.file)
      offset = rotate.position
    case .heartbeat(let heartbeat): offset = heartbeat.offset(after: offset, header)
    default: break
    }
  }

  /// The event is given up.
  @usableFromInline
  func abandon() {
    pausedSize = nil
    payload = nil
  }

  /// The header with its positions.
  @inline(__always)
  private func readHeader(_ bytes: RawSpan) throws(BinlogError) -> EventHeader {
    var header: EventHeader
    do throws(WireError) {
      header = try EventHeader(decoding: bytes)
    } catch {
      throw BinlogError(.malformed(error), type: EventType(rawValue: 0), position: offset)
    }
    guard header.size == UInt32(exactly: bytes.byteCount), header.size >= EventHeader.byteCount else {
      let error = WireError(.badLength(Int(header.size)), offset: 9, context: "event header")
      throw BinlogError(.malformed(error), type: header.type, position: offset)
    }
    header.place(at: offset)
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
}

/// An event without its checksum.
@frozen
@usableFromInline
struct RawEvent: ~Escapable {
  @usableFromInline let header: EventHeader
  @usableFromInline let body: RawSpan

  @_lifetime(copy body)
  init(header: EventHeader, body: RawSpan) {
    self.header = header
    self.body = body
  }
}
