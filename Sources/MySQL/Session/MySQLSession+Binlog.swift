// SPDX-License-Identifier: Apache-2.0
public import Wire

extension MySQLSession {
  /// Asks for the binary log; what follows are its events.
  package func beginBinlogDump(_ command: BinlogDumpCommand) throws(MySQLError) {
    guard phase == .ready else { throw failure(.refused("a command cannot be sent while \(phase.activity)")) }
    let nonBlocking = command.endsAtLogEnd ? Command.BinlogDump.nonBlocking : 0
    switch command.start {
    case .file(let name, let position):
      sendCommand(
        Command.BinlogDump(position: position, flags: nonBlocking, serverID: command.serverID, file: name))
    case .mariaDBPosition:
      sendCommand(Command.BinlogDump(position: 4, flags: nonBlocking, serverID: command.serverID, file: ""))
    case .gtidSet(let set):
      sendCommand(
        Command.BinlogDumpGTID(
          flags: nonBlocking | Command.BinlogDumpGTID.throughGTID, serverID: command.serverID, set: set))
    }
    phase = .dumping
  }

  /// Hands every event that has arrived to the sink until the sink stops: in place where the event lies in one packet,
  /// otherwise from a buffer in which it is joined.
  ///
  /// Bytes that the sink does not take stay in `input`. Nobody may fill or consume `input` while the sink is called.
  @inlinable
  public func drainBinlog<Sink: BinlogSink & ~Copyable>(
    into sink: inout Sink
  ) throws(DrainError<Sink.Failure>) -> RowsDrained {
    if !isDumping { throw .mysql(nothingComes()) }
    let delivery = try deliver { (payload) throws(DrainError<Sink.Failure>) -> PacketFlow in
      // "OK byte": each event is the rest of an OK packet.
      guard payload.byteCount > 0, payload[0] == 0 else { return .control }
      do throws(Sink.Failure) {
        switch try sink.receive(event: payload.extracting(1..<payload.byteCount)) {
        case .more: return .more
        case .pause: return .pause
        case .again: return .again
        }
      } catch {
        throw .sink(error)
      }
    }
    switch delivery {
    case .needsInput: return .needsInput
    case .paused: return .paused
    case .control:
      do throws(MySQLError) {
        return try takeDumpEnd() ? .finished : .needsInput
      } catch {
        throw .mysql(error)
      }
    }
  }

  @usableFromInline var isDumping: Bool { phase == .dumping }

  /// EOF or ERR: either way the server closes the connection behind it.
  @usableFromInline
  func takeDumpEnd() throws(MySQLError) -> Bool {
    guard let payload = try nextPayload() else { return false }
    if payload.first == Reply.Failure.code { throw try serverFailure(payload, ends: true) }
    guard payload.first == Reply.EndOfFile.code, payload.count <= Reply.EndOfFile.byteCountMax else {
      throw unexpected(payload)
    }
    phase = .ended
    return true
  }
}
