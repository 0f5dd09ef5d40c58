// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import MySQL
internal import Wire

/// A binary log: the connection that dumps it, the decoder of its events, and the applier that takes them into the open
/// batch. While a prepared transaction is read again, a second connection takes the place of the first.
final class MySQLLog: SourceLog {
  /// A stream of events: the connection and how far its decoder is.
  private struct Reader {
    var connection: MySQLConnection
    var decoder: BinlogDecoder
  }

  private var reader: Reader
  /// While a prepared transaction is read again: the log itself, which waits.
  private var waiting: (reader: Reader, xid: String)?
  private let applier: MySQLApplier
  private let filler: HoleFiller
  private let characters: CharacterAnswers
  private let missing: MissingColumns
  /// Opens the log at a place of this server, for a prepared transaction.
  private let reopen: (BinlogFilePosition) throws(PipelineFailure) -> MySQLConnection
  /// What it means that an event at this place cannot be read.
  private let unreadable: (BinlogFilePosition, BinlogError) -> PipelineFailure
  /// Throws if another instance leads.
  private let confirmLead: () throws(PipelineFailure) -> Void
  private var silence: Silence

  init(
    connection: MySQLConnection, applier: MySQLApplier, filler: HoleFiller, characters: CharacterAnswers,
    missing: MissingColumns, heartbeat: Duration,
    reopen: @escaping (BinlogFilePosition) throws(PipelineFailure) -> MySQLConnection,
    unreadable: @escaping (BinlogFilePosition, BinlogError) -> PipelineFailure,
    confirmLead: @escaping () throws(PipelineFailure) -> Void
  ) {
    reader = Reader(connection: connection, decoder: BinlogDecoder())
    self.applier = applier
    self.filler = filler
    self.characters = characters
    self.missing = missing
    self.reopen = reopen
    self.unreadable = unreadable
    self.confirmLead = confirmLead
    silence = Silence(limit: max(heartbeat * 3, .seconds(10)))
  }

  var link: Link { reader.connection.link }

  // MARK: Reading

  func drain() throws(PipelineFailure) -> Bool {
    switch applier.need {
    case .nothing: break
    case .room, .sending: return false
    case .characters(let request):
      try characters.learn(request)
      applier.need = .nothing
    case .generated(let request):
      // Of a table that has changed meanwhile etcd's values stay: the statement that changed it comes in the log.
      applier.generated =
        try missing.read(request, of: applier.tables.plan(number: request.table))
        ?? Dictionary(request.keys.map { ($0, nil) }, uniquingKeysWith: { first, _ in first })
      applier.need = .nothing
    case .replay(let prepared): try beginReplay(prepared)
    }
    var delivery = Delivery(decoder: reader.decoder, applier: applier, unreadable: unreadable)
    do throws(DrainError<PipelineFailure>) {
      switch try reader.connection.drainBinlog(into: &delivery) {
      case .needsInput: break
      case .paused:
        silence.heard()
        if applier.isReplayDone { try endReplay() }
        return true
      case .finished:
        throw .sink(.sourceViolation("the server ended the binary log's stream"))
      }
    } catch {
      switch error {
      case .mysql(let error): throw try lost(error)
      case .sink(let failure): throw failure
      }
    }
    if delivery.isHeard { silence.heard() }
    return false
  }

  /// "ER_MASTER_FATAL_ERROR_READING_BINLOG": the log is not there any more from where we want it, or somebody else has
  /// our number: another replica, or the instance that leads since we lost the lead without noticing.
  private func lost(_ error: MySQLError) throws(PipelineFailure) -> PipelineFailure {
    if waiting != nil, error.isLogMissing {
      return .redump(applier.replayedTables, "a prepared transaction has committed that the log no longer has")
    }
    if error.isNumberTaken {
      try confirmLead()
      return .stop(
        .heldElsewhere,
        "Another replica has taken our server_id (\(error)): set another database.mysql.server_id, or another name")
    }
    if applier.isReadingAgain, error.isLogMissing { return .startOver("GTIDs come with the next file (\(error))") }
    return error.isLogMissing ? .positionLost("\(error)") : .source(error)
  }

  // MARK: Prepared transactions

  private func beginReplay(_ prepared: PreparedTransaction) throws(PipelineFailure) {
    precondition(waiting == nil)
    let connection = try reopen(BinlogFilePosition(file: prepared.file, offset: prepared.offset))
    waiting = (reader, prepared.xid)
    // The log waits with what it has received; the server waits with the rest.
    reader.connection.link.isReading = false
    reader = Reader(connection: connection, decoder: BinlogDecoder())
    applier.beginReplay(prepared)
  }

  private func endReplay() throws(DrainError<PipelineFailure>) {
    guard let log = waiting else { return }
    reader.connection.close()
    reader = log.reader
    reader.connection.link.isReading = true
    waiting = nil
    do throws(PipelineFailure) {
      try applier.endReplay(log.xid)
    } catch {
      throw .sink(error)
    }
  }

  // MARK: Requests

  var isFull: Bool { applier.need == .room || applier.need == .sending }
  var needsRoom: Bool { applier.need == .room }

  func cut() -> (boundary: Int, checkpoint: Checkpoint) { applier.cut() }
  func cut(at place: CutPlace) -> (boundary: Int, checkpoint: Checkpoint) { applier.cut(at: place) }

  func fill(before boundary: Int) throws(PipelineFailure) -> CutPlace? {
    try filler.fill(&applier.batch, before: boundary)
  }

  func send(before boundary: Int, checkpoint: Checkpoint, through sink: EtcdSink) {
    sink.send(&applier.batch, before: boundary, checkpoint: checkpoint)
    applier.sent(checkpoint)
  }

  func idlePosition() -> Checkpoint? { applier.idlePosition() }

  /// A server of this kind does not wait for us. But which file this is can only be said while it is there.
  var isPositionUrgent: Bool { applier.isLogFileNew }
  func acknowledge(_ checkpoint: Checkpoint) {}

  func duties(sinkIsIdle: Bool) throws(PipelineFailure) {
    // While we do not listen, silence says nothing.
    if applier.need != .nothing || !sinkIsIdle { silence.heard() }
    if silence.isOver {
      throw .sourceViolation("nothing was heard of the server for \(silence.limit * 2), not even a heartbeat")
    }
  }

  func finish() {
    reader.connection.close()
    waiting?.reader.connection.close()
    missing.close()
  }
}

/// Hands raw events to the decoder, and what it makes of them to the applier.
private struct Delivery: BinlogSink {
  let decoder: BinlogDecoder
  var applier: MySQLApplier
  let unreadable: (BinlogFilePosition, BinlogError) -> PipelineFailure
  var isHeard = false

  init(
    decoder: BinlogDecoder, applier: MySQLApplier,
    unreadable: @escaping (BinlogFilePosition, BinlogError) -> PipelineFailure
  ) {
    self.decoder = decoder
    self.applier = applier
    self.unreadable = unreadable
  }

  mutating func receive(event: RawSpan) throws(PipelineFailure) -> BinlogFlow {
    isHeard = true
    do throws(BinlogDrainError<PipelineFailure>) {
      return try decoder.deliver(event, into: &applier)
    } catch {
      switch error {
      case .log(let error): throw unreadable(decoder.position, error)
      case .sink(let failure): throw failure
      }
    }
  }
}
