// SPDX-License-Identifier: Apache-2.0
public import Wire

extension MySQLSession {
  /// What becomes of a payload that is shown.
  @usableFromInline
  enum PacketFlow {
    case more
    case pause
    /// Not taken.
    case again
    /// Not data: to be taken by itself.
    case control
  }

  /// Why a run over payloads ended.
  @usableFromInline
  enum Delivery {
    case needsInput
    case paused
    /// The payload at the front is no data.
    case control
  }

  /// Our own caller drains what was not asked for.
  @usableFromInline
  func nothingComes() -> MySQLError { failure(.refused("nothing to drain while \(phase.activity)")) }

  /// Shows each whole payload to `take`, in place where it lies in one packet, until one is not data.
  @inlinable
  func deliver<Failure: Error>(
    _ take: (RawSpan) throws(DrainError<Failure>) -> PacketFlow
  ) throws(DrainError<Failure>) -> Delivery {
    while true {
      if reader.isJoined {
        let joined = reader.joined
        switch try take(joined.unread) {
        case .more: reader.dropJoined()
        case .pause:
          reader.dropJoined()
          return .paused
        case .again: return .paused
        case .control: throw .mysql(malformed(WireError(.badLength(joined.count), offset: 0)))
        }
      }
      switch try deliverPackets(take) {
      case .delivered(let delivery): return delivery
      case .joinNext:
        do throws(WireError) {
          _ = try reader.join()
        } catch {
          throw .mysql(malformed(error))
        }
      case .unpackNext:
        do throws(WireError) {
          guard try reader.unpackFrame() else { return .needsInput }
        } catch {
          throw .mysql(malformed(error))
        }
      }
    }
  }

  @usableFromInline
  enum PacketRun {
    case delivered(Delivery)
    /// A piece of a longer payload is at the front.
    case joinNext
    /// No whole packet is there; a compressed frame may be.
    case unpackNext
  }

  /// A run over payloads of one packet. They are consumed at the end of it, so that the span stays valid meanwhile.
  @inlinable
  func deliverPackets<Failure: Error>(
    _ take: (RawSpan) throws(DrainError<Failure>) -> PacketFlow
  ) throws(DrainError<Failure>) -> PacketRun {
    let packets = reader.packets
    let bytes = packets.unread
    var offset = 0
    while true {
      let front: PacketReader.Front
      do throws(WireError) {
        front = try reader.look(bytes, at: offset)
      } catch {
        packets.consume(offset)
        throw .mysql(malformed(error))
      }
      guard case .packet(let header) = front else {
        reader.needMore(consumed: offset)
        return front == .piece ? .joinNext : .unpackNext
      }
      let flow: PacketFlow
      do throws(DrainError<Failure>) {
        flow = try take(bytes.extracting((offset &+ PacketHeader.byteCount)..<(offset &+ header.frameCount)))
      } catch {
        packets.consume(offset)
        throw error
      }
      switch flow {
      case .more, .pause:
        offset &+= header.frameCount
        reader.sequence &+= 1
        if flow == .more { continue }
        packets.consume(offset)
        return .delivered(.paused)
      case .again:
        packets.consume(offset)
        return .delivered(.paused)
      case .control:
        packets.consume(offset)
        return .delivered(.control)
      }
    }
  }
}
