// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Postgres
internal import Wire

/// A slot's log: the replication connection, and the applier that takes its messages into the open batch.
final class PostgresLog: SourceLog {
  private let connection: PostgresConnection
  private let applier: StreamApplier
  private let filler: HoleFiller
  private let loop: PollLoop
  private let adopt: (RelationShape) throws(PipelineFailure) -> Void
  /// Behind it nothing is safe: what the source may be told.
  private var acknowledged: Checkpoint
  private var statusDue = Deadline.now
  private var silence: Silence
  private var timer: TimerID?

  init(
    connection: PostgresConnection, applier: StreamApplier, filler: HoleFiller, loop: PollLoop,
    acknowledged: Checkpoint, statusInterval: Duration,
    adopt: @escaping (RelationShape) throws(PipelineFailure) -> Void
  ) {
    self.connection = connection
    self.applier = applier
    self.filler = filler
    self.loop = loop
    self.acknowledged = acknowledged
    self.adopt = adopt
    silence = Silence(limit: max(statusInterval * 3, .seconds(10)))
    // Also while something waits in `pump`: the source must hear of us although nobody drains.
    timer = loop.addTimer(after: statusInterval, every: statusInterval) { [weak self] in self?.sendStatus() }
    sendStatus()
  }

  deinit { if let timer { loop.cancel(timer) } }

  var link: Link { connection.link }

  func drain() throws(PipelineFailure) -> Bool {
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

  func idlePosition() -> Checkpoint? {
    guard !applier.isInTransaction, applier.batch.isEmpty else { return nil }
    var checkpoint = applier.cut().checkpoint
    checkpoint.lsn = max(checkpoint.lsn, applier.receivedLSN)
    return checkpoint
  }

  var isPositionUrgent: Bool { applier.replyRequested }

  // MARK: The source

  func acknowledge(_ checkpoint: Checkpoint) {
    acknowledged = checkpoint
    if applier.replyRequested || statusDue.isPast { sendStatus() }
  }

  private func sendStatus() {
    connection.sendStandbyStatus(
      written: applier.receivedLSN, flushed: acknowledged.lsn, applied: acknowledged.lsn,
      replyRequested: silence.isSuspicious)
    applier.replied()
    statusDue = .after(.seconds(1))
  }

  func duties(sinkIsIdle: Bool) throws(PipelineFailure) {
    // Before it shuts down the server asks again and again, until what it sent is in etcd: no need to answer each time.
    if applier.replyRequested, sinkIsIdle || statusDue.isPast { sendStatus() }
    // While we do not listen, silence says nothing.
    if applier.need != .nothing { silence.heard() }
    if silence.isOver {
      throw .sourceViolation(
        "nothing was heard of the server for \(silence.limit * 2), although it was asked for a reply")
    }
  }

  func finish() {
    sendStatus()
    connection.close()
  }
}
