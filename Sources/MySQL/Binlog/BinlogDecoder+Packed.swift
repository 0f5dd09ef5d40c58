// SPDX-License-Identifier: Apache-2.0
internal import Wire

// Events that hold packed bytes.
extension BinlogDecoder {
  /// MariaDB's: a statement, or rows.
  @_lifetime(copy raw, borrow self)
  func unpack(_ raw: borrowing RawEvent) throws(BinlogError) -> BinlogEvent {
    let header = raw.header
    let packed = try unpacker(for: header)
    let event = try decode(raw.body, header)
    // One that comes again has been unpacked.
    if pausedSize == nil {
      switch event {
      case .query(let query): try packed.unpack(query.statement, header, limit: maximumEventSize)
      case .rows(let rows): try packed.unpack(rows.rows, header, limit: maximumEventSize)
      default: break
      }
    }
    let unpacked = unsafe _overrideLifetime(packed.unpacked, borrowing: self)
    switch event {
    case .query(let query): return .query(QueryEvent(query, unpacked: unpacked))
    case .rows(let rows): return .rows(RowsEvent(rows, unpacked: unpacked))
    default: return event
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
  @inlinable
  func deliverInner<S: BinlogEventSink & ~Copyable>(
    of raw: borrowing RawEvent, into sink: inout S
  ) throws(BinlogDrainError<S.Failure>) -> BinlogFlow {
    let outer = raw.header
    let payload: TransactionPayloadEvent
    do throws(BinlogError) {
      payload = try TransactionPayloadEvent(decoding: raw.body, outer)
    } catch {
      abandon()
      throw .log(error)
    }
    while true {
      let header: EventHeader
      let event: BinlogEvent
      do throws(BinlogError) {
        guard let next = try nextInner(of: payload, outer) else { break }
        header = next
        event = try decodeInner(header)
      } catch {
        abandon()
        throw .log(error)
      }
      let flow: BinlogFlow
      do throws(S.Failure) {
        flow = try sink.receive(event, header)
      } catch {
        pause(outer)
        throw .sink(error)
      }
      if flow != .again { advance(header) }
      // What follows, if only the payload's end, follows when it comes again.
      if flow != .more {
        pause(outer)
        return .again
      }
    }
    end(outer)
    return .more
  }

  /// The header of the inner event that comes next; nil at the payload's end, which is checked.
  @usableFromInline
  func nextInner(
    of event: borrowing TransactionPayloadEvent, _ outer: EventHeader
  ) throws(BinlogError) -> EventHeader? {
    let stream: PayloadStream
    if let payload {
      stream = payload
    } else {
      stream = try PayloadStream(event.compression, outer, limit: maximumEventSize)
      payload = stream
    }
    guard var header = try stream.next(in: event.payload, outer) else {
      if let size = event.uncompressedSize, size != stream.delivered {
        throw BinlogError(.packed("holds \(stream.delivered) bytes, \(size) were said"), outer)
      }
      return nil
    }
    header.position = outer.position
    header.endPosition = outer.endPosition
    header.isInPayload = true
    return header
  }

  @usableFromInline
  @_lifetime(borrow self)
  func decodeInner(_ header: EventHeader) throws(BinlogError) -> BinlogEvent {
    switch header.type {
    // What is about the file cannot be part of a transaction.
    case .formatDescription, .rotate, .transactionPayload, .heartbeat, .heartbeatV2, .stop:
      throw BinlogError(.unsupported, header)
    default: break
    }
    guard let payload else { preconditionFailure("an inner event without a payload") }
    let bytes = unsafe _overrideLifetime(payload.event(header), borrowing: self)
    return try decode(bytes.extracting(EventHeader.byteCount..<bytes.byteCount), header)
  }

  /// The inner event is taken.
  @usableFromInline
  func advance(_ header: EventHeader) { payload?.advance(header) }

  /// The payload comes again, and goes on where it was.
  @usableFromInline
  func pause(_ outer: EventHeader) { pausedSize = outer.size }

  @usableFromInline
  func end(_ outer: EventHeader) {
    abandon()
    offset = outer.endPosition
  }
}
