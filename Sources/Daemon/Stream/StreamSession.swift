// SPDX-License-Identifier: Apache-2.0
//
//   drain the log into the batch ─▶ sink idle? send what is whole ─▶ acknowledged? tell the source
//        ▲                                                                      │
//        └──────────────────────── one turn of the loop ◀───────────────────────┘
internal import Etcd
internal import Logging
internal import Postgres
internal import Wire

/// Follows the log over one replication connection, until that connection, the lead or the tables' shape is lost.
final class StreamSession {
  private let control: Control
  private let connection: PostgresConnection
  private let sink: EtcdSink
  private let applier: StreamApplier
  private let filler: HoleFiller
  private let adopt: (RelationShape) throws(PipelineFailure) -> Void
  private let watchCatalogue: () throws(PipelineFailure) -> Void
  private let log: Logger
  private var spare = TransactionBatch()

  /// Behind it nothing is safe: what the source may be told.
  private(set) var acknowledged: Checkpoint
  /// The position that the last request carried.
  private var sentLSN: LSN
  private var hasPartialSent: Bool
  private var statusInterval: Duration
  private var statusDue = Deadline.now
  private var idleCheckpointDue: Deadline
  private var catalogueDue: Deadline
  private var silence: Silence
  private var fillDue = Deadline.now
  private var fillPause = Backoff(first: .milliseconds(200), most: .seconds(10))
  private var timer: TimerID?

  /// An idle position is written this often, so that the source may forget its log although no chosen table changes.
  static let idleCheckpointInterval = Duration.seconds(10)
  static let catalogueInterval = Duration.seconds(15)

  init(
    control: Control, connection: PostgresConnection, sink: EtcdSink, applier: StreamApplier, filler: HoleFiller,
    acknowledged: Checkpoint, statusInterval: Duration, log: Logger,
    adopt: @escaping (RelationShape) throws(PipelineFailure) -> Void,
    watchCatalogue: @escaping () throws(PipelineFailure) -> Void
  ) {
    self.control = control
    self.connection = connection
    self.sink = sink
    self.applier = applier
    self.filler = filler
    self.acknowledged = acknowledged
    self.statusInterval = statusInterval
    self.log = log
    self.adopt = adopt
    self.watchCatalogue = watchCatalogue
    sentLSN = acknowledged.lsn
    hasPartialSent = acknowledged.transaction != nil
    idleCheckpointDue = .after(Self.idleCheckpointInterval)
    catalogueDue = .after(Self.catalogueInterval)
    silence = Silence(limit: max(statusInterval * 3, .seconds(10)))
    // Also while something waits in `pump`: the source must hear of us although nobody drains.
    timer = control.loop.addTimer(after: statusInterval, every: statusInterval) { [weak self] in self?.sendStatus() }
  }

  deinit { if let timer { control.loop.cancel(timer) } }

  // MARK: The loop

  func run() throws(PipelineFailure) {
    sendStatus()
    while !control.isStopping {
      var isBusy = try drain()
      if let done = try sink.advance() {
        acknowledge(done)
        isBusy = true
      }
      if sink.isIdle, fillDue.isPast, try submit() { isBusy = true }
      try duties()
      if isBusy { control.turn(until: .now) } else { wait() }
    }
    try finish()
  }

  /// While a request is under way, nothing that the source sends is urgent: it is fetched every few milliseconds, not
  /// row by row as the server's walsender lets go of it. Otherwise each row would cost it and us a wake-up.
  private func wait() {
    guard !sink.isIdle else { return control.turn(until: nextDeadline) }
    let link = connection.link
    link.isReading = false
    control.turn(until: min(nextDeadline, .after(.milliseconds(4))))
    link.isReading = true
    control.turn(until: .now)
  }

  /// Delivers what has arrived, unless something must happen first. True if it should be called again at once.
  private func drain() throws(PipelineFailure) -> Bool {
    guard applier.need == .nothing else { return false }
    var applier = self.applier
    do throws(DrainError<PipelineFailure>) {
      switch try connection.drainReplication(into: &applier) {
      case .needsInput: break
      case .paused:
        guard case .relation(let shape) = applier.need else { return false }
        applier.need = .nothing
        try adoptInOrder(shape)
        return true
      case .finished(let tag):
        throw .sink(.sourceViolation("the server ended the stream (\(tag))"))
      }
    } catch {
      switch error {
      case .postgres(let error): throw .source(error)
      case .sink(let failure): throw failure
      }
    }
    if applier.isHeard {
      applier.isHeard = false
      silence.heard()
    }
    return false
  }

  private func adoptInOrder(_ shape: RelationShape) throws(DrainError<PipelineFailure>) {
    do throws(PipelineFailure) {
      try adopt(shape)
    } catch {
      throw .sink(error)
    }
  }

  /// Sends what is whole, or what no longer fits. True if something was sent.
  private func submit() throws(PipelineFailure) -> Bool {
    var (boundary, checkpoint) = applier.cut()
    if boundary == 0 {
      guard applier.need != .room else {
        throw .stop(.defect, "a single change does not fit in a request; this is a defect of Sync")
      }
      return try submitPosition(checkpoint)
    }
    do throws(PipelineFailure) {
      while let place = try filler.fill(&applier.batch, before: boundary) {
        (boundary, checkpoint) = applier.cut(at: place)
      }
    } catch {
      guard case .sink(let failure) = error, failure.isTransient else { throw error }
      let wait = fillPause.next()
      log.warning("etcd cannot be read", metadata: ["error": "\(failure)", "again_in": "\(wait)"])
      fillDue = .after(wait)
      return false
    }
    fillPause.reset()
    sink.send(applier.batch, before: boundary, checkpoint: checkpoint)
    noteSent(checkpoint)
    if boundary < applier.batch.entries.count {
      applier.batch.moveTail(from: boundary, to: &spare)
      swap(&applier.batch, &spare)
      spare.clear()
    } else {
      applier.batch.clear()
    }
    applier.sent(checkpoint)
    return true
  }

  /// Moves the checkpoint without rows: now and then, and at once where the source waits for it (it does before it
  /// shuts down) or a transaction that spanned requests has ended with nothing left to send.
  private func submitPosition(_ checkpoint: Checkpoint) throws(PipelineFailure) -> Bool {
    guard !applier.isInTransaction, applier.batch.isEmpty else { return false }
    var checkpoint = checkpoint
    checkpoint.lsn = max(checkpoint.lsn, applier.receivedLSN)
    // Of a transaction that spans requests the rest is still to come, after a restart from its beginning.
    guard checkpoint.transaction == nil, checkpoint.lsn > sentLSN || hasPartialSent else { return false }
    guard hasPartialSent || applier.replyRequested || idleCheckpointDue.isPast else { return false }
    sink.send(applier.batch, before: 0, checkpoint: checkpoint)
    noteSent(checkpoint)
    return true
  }

  private func noteSent(_ checkpoint: Checkpoint) {
    sentLSN = checkpoint.lsn
    hasPartialSent = checkpoint.transaction != nil
    idleCheckpointDue = .after(Self.idleCheckpointInterval)
  }

  private func acknowledge(_ checkpoint: Checkpoint) {
    acknowledged = checkpoint
    if applier.replyRequested || statusDue.isPast { sendStatus() }
  }

  // MARK: The source

  private func sendStatus() {
    connection.sendStandbyStatus(
      written: applier.receivedLSN, flushed: acknowledged.lsn, applied: acknowledged.lsn,
      replyRequested: silence.isSuspicious)
    applier.replied()
    statusDue = .after(.seconds(1))
  }

  private func duties() throws(PipelineFailure) {
    // Before it shuts down the server asks again and again, until what it sent is in etcd: no need to answer each time.
    if applier.replyRequested, sink.isIdle || statusDue.isPast { sendStatus() }
    // While we do not listen, silence says nothing.
    if applier.need != .nothing { silence.heard() }
    if silence.isOver {
      throw .sourceViolation(
        "nothing was heard of the server for \(silence.limit * 2), although it was asked for a reply")
    }
    if catalogueDue.isPast {
      catalogueDue = .after(Self.catalogueInterval)
      try watchCatalogue()
    }
  }

  private var nextDeadline: Deadline {
    min(sink.nextDeadline, catalogueDue, .after(.seconds(1)))
  }

  /// "stop reading, finish the request under way, write the checkpoint": the request carries it.
  private func finish() throws(PipelineFailure) {
    if let done = try sink.settle(until: control.loop.cutoff) { acknowledge(done) }
    sendStatus()
    connection.close()
  }
}

/// How long a peer has been silent. After `limit` it is asked for a reply; after twice that it is gone.
struct Silence {
  let limit: Duration
  private var asking: Deadline
  private var end: Deadline

  init(limit: Duration) {
    self.limit = limit
    asking = .after(limit)
    end = .after(limit * 2)
  }

  mutating func heard() {
    asking = .after(limit)
    end = .after(limit * 2)
  }

  var isSuspicious: Bool { asking.isPast }
  var isOver: Bool { end.isPast }
}
