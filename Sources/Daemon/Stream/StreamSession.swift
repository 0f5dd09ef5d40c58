// SPDX-License-Identifier: Apache-2.0
//
//   drain the log into the batch ─▶ sink idle? send what is whole ─▶ acknowledged? tell the source
//        ▲                                                                      │
//        └──────────────────────── one turn of the loop ◀───────────────────────┘
internal import Etcd
internal import Logging
internal import Wire

/// Follows a source's log, until its connection, the lead or the tables' shape is lost.
final class StreamSession {
  private let control: Control
  private let source: any SourceLog
  private let sink: EtcdSink
  private let watchCatalogue: () throws(PipelineFailure) -> Void
  private let log: Logger

  /// What the last request carried.
  private var sentPosition: SourcePosition
  private var hasPartialSent: Bool
  private var idleCheckpointDue: Deadline
  private var catalogueDue: Deadline
  private var fillDue = Deadline.now
  private var fillPause = Backoff(first: .milliseconds(200), most: .seconds(10))

  /// An idle position is written this often, so that the source may forget its log although no chosen table changes.
  static let idleCheckpointInterval = Duration.seconds(10)
  static let catalogueInterval = Duration.seconds(15)

  init(
    control: Control, source: any SourceLog, sink: EtcdSink, acknowledged: Checkpoint, log: Logger,
    watchCatalogue: @escaping () throws(PipelineFailure) -> Void
  ) {
    self.control = control
    self.source = source
    self.sink = sink
    self.log = log
    self.watchCatalogue = watchCatalogue
    sentPosition = acknowledged.position
    hasPartialSent = acknowledged.transaction != nil
    idleCheckpointDue = .after(Self.idleCheckpointInterval)
    catalogueDue = .after(Self.catalogueInterval)
  }

  func run() throws(PipelineFailure) {
    while !control.isStopping {
      var isBusy = try source.drain()
      if let done = try sink.advance() {
        source.acknowledge(done)
        isBusy = true
      }
      if sink.isIdle, fillDue.isPast, try submit() { isBusy = true }
      try duties()
      if source.link.takeHasMore(), !source.isFull { isBusy = true }
      if isBusy { control.turn(until: .now) } else { wait() }
    }
    try finish()
  }

  /// While a request is under way, nothing that the source sends is urgent: it is fetched every few milliseconds, not
  /// row by row as the server's walsender lets go of it, and not at all while there is no room for it. Otherwise each
  /// row would cost it and us a wake-up.
  private func wait() {
    guard !sink.isIdle else { return control.turn(until: nextDeadline) }
    let link = source.link
    link.isReading = false
    control.turn(until: source.isFull ? nextDeadline : min(nextDeadline, .after(.milliseconds(4))))
    link.isReading = true
    if !source.isFull { control.turn(until: .now) }
  }

  /// Sends what is whole, or what no longer fits. True if something was sent.
  private func submit() throws(PipelineFailure) -> Bool {
    var (boundary, checkpoint) = source.cut()
    if boundary == 0 {
      guard !source.needsRoom else {
        throw .stop(.defect, "a single change does not fit in a request; this is a defect of Sync")
      }
      return submitPosition()
    }
    do throws(PipelineFailure) {
      while let place = try source.fill(before: boundary) { (boundary, checkpoint) = source.cut(at: place) }
    } catch {
      guard case .sink(let failure) = error, failure.isTransient else { throw error }
      let wait = fillPause.next()
      log.warning("etcd cannot be read", metadata: ["error": "\(failure)", "again_in": "\(wait)"])
      fillDue = .after(wait)
      return false
    }
    fillPause.reset()
    send(before: boundary, checkpoint)
    return true
  }

  /// Moves the checkpoint without rows: now and then, and at once where it is urgent (a source waits for it before it
  /// shuts down) or a transaction that spanned requests has ended with nothing left to send.
  private func submitPosition() -> Bool {
    // Of a transaction that spans requests the rest is still to come, after a restart from its beginning.
    guard let checkpoint = source.idlePosition(), checkpoint.transaction == nil,
      checkpoint.position != sentPosition || hasPartialSent,
      hasPartialSent || source.isPositionUrgent || idleCheckpointDue.isPast
    else { return false }
    send(before: 0, checkpoint)
    return true
  }

  private func send(before boundary: Int, _ checkpoint: Checkpoint) {
    source.send(before: boundary, checkpoint: checkpoint, through: sink)
    sentPosition = checkpoint.position
    hasPartialSent = checkpoint.transaction != nil
    idleCheckpointDue = .after(Self.idleCheckpointInterval)
  }

  private func duties() throws(PipelineFailure) {
    try source.duties(sinkIsIdle: sink.isIdle)
    if catalogueDue.isPast {
      catalogueDue = .after(Self.catalogueInterval)
      try watchCatalogue()
    }
  }

  private var nextDeadline: Deadline {
    min(sink.nextDeadline, catalogueDue, .after(.seconds(1)))
  }

  /// "stop reading, finish the request under way, write the checkpoint": the request carries it, unless what came
  /// behind it was nothing of ours.
  private func finish() throws(PipelineFailure) {
    try settle()
    idleCheckpointDue = .now
    if sink.isIdle, submitPosition() { try settle() }
    source.finish()
  }

  private func settle() throws(PipelineFailure) {
    if let done = try sink.settle(until: control.loop.cutoff) { source.acknowledge(done) }
  }
}
