// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Wire

/// A source's log on its way into the open batch, as the session that follows it sees it. It never waits for anything
/// but what a change needs before the next one can be read.
protocol SourceLog: AnyObject {
  var link: Link { get }

  /// Takes what has arrived into the batch, unless something must happen first. True if it should be called again at
  /// once.
  func drain() throws(PipelineFailure) -> Bool

  /// Nothing is drained before something is sent.
  var isFull: Bool { get }

  /// The open batch no longer fits in one request: it must be cut, even inside a transaction.
  var needsRoom: Bool { get }

  /// Where the batch can be cut now, and the checkpoint that is true once everything before it is in etcd.
  func cut() -> (boundary: Int, checkpoint: Checkpoint)

  /// The same, where the values to be filled in leave room for less.
  func cut(at place: CutPlace) -> (boundary: Int, checkpoint: Checkpoint)

  /// Fills the values that the log left out; the place at which the request must end instead if they are too large.
  func fill(before boundary: Int) throws(PipelineFailure) -> CutPlace?

  /// Sends the entries before `boundary`; they are no longer in the batch then.
  func send(before boundary: Int, checkpoint: Checkpoint, through sink: EtcdSink)

  /// The position reached, if there are neither rows to send nor a transaction that has begun.
  func idlePosition() -> Checkpoint?

  /// An idle position is written at once: the source waits until it is in etcd, or it says what must not be lost.
  var isPositionUrgent: Bool { get }

  /// This is etcd's now, so it is what the source may be told.
  func acknowledge(_ checkpoint: Checkpoint)

  /// What is due by the clock: words to the source, and an end to its silence.
  func duties(sinkIsIdle: Bool) throws(PipelineFailure)

  /// The last word.
  func finish()
}
