// SPDX-License-Identifier: Apache-2.0
//
//   idle ──send──▶ underWay ──committed──▶ idle
//                   │   ▲
//            refused│   │again
//                   ▼   │
//                  waiting ◀──outcome unknown, and it did not happen──┐
//                   └────────── outcome unknown ──▶ asking ──────────┘
internal import Etcd
internal import Logging
internal import Wire

/// The one ordered lane into etcd: at most one request is under way, and each is guarded by the checkpoint's version,
/// so that it happens once or not at all, whatever becomes of its answer.
final class EtcdSink {
  private enum Flight {
    case idle
    case underWay(CallID)
    /// The answer was lost: the checkpoint says whether it happened.
    case asking(notBefore: Deadline)
    case waiting(until: Deadline)
  }

  let client: EtcdClient
  let keys: StateKeys
  private let loop: PollLoop
  private let requestTimeout: Duration
  private let log: Logger
  private var flight = Flight.idle
  private var body = RequestBody()
  private var spare = TransactionBatch()
  private var builder: TransactionBuilder
  /// The checkpoint that the request under way carries.
  private var pending: Checkpoint?
  private var pause = Backoff(first: .milliseconds(200), most: .seconds(30))
  /// The checkpoint's version in etcd: requests are guarded by it, and each raises it by one.
  private(set) var version: Int64
  /// The create revision of our leader key, if there is an election.
  var leaderRevision: Int64?
  /// The instance by which an answer that was lost is told from another writer.
  private let instance: String

  init(
    client: EtcdClient, keys: StateKeys, loop: PollLoop, nesting: TransactionNesting, requestTimeout: Duration,
    instance: String, version: Int64, log: Logger
  ) {
    self.client = client
    self.keys = keys
    self.loop = loop
    self.requestTimeout = requestTimeout
    self.instance = instance
    self.version = version
    self.log = log
    builder = TransactionBuilder(nesting: nesting)
  }

  var isIdle: Bool {
    if case .idle = flight { return true }
    return false
  }

  /// Takes the batch's entries before `boundary` and sends them together with the checkpoint. Only while idle.
  func send(_ batch: inout TransactionBatch, before boundary: Int, checkpoint: Checkpoint) {
    precondition(isIdle)
    // A stream may still look at the last one, if its connection has not been seen to end.
    if !isKnownUniquelyReferenced(&body) { body = RequestBody() }
    var guards = [TransactionGuard(key: keys.checkpoint, target: .version, equals: version)]
    if let leaderRevision {
      guards.append(TransactionGuard(key: keys.leader, target: .createRevision, equals: leaderRevision))
    }
    builder.build(
      batch, before: boundary, guards: guards,
      puts: [(key: keys.checkpoint, value: checkpoint.encoded(updatedAt: .now))], into: body)
    batch.handOver(before: boundary, to: body, using: &spare)
    pending = checkpoint
    begin()
  }

  /// Moves the request under way on. Answers the checkpoint that has just become etcd's, once for each request.
  func advance() throws(PipelineFailure) -> Checkpoint? {
    switch flight {
    case .idle:
      return nil
    case .waiting(let until):
      if until.isPast { begin() }
      return nil
    case .asking(let notBefore):
      return notBefore.isPast ? try ask() : nil
    case .underWay(let call):
      guard let outcome = client.outcome(of: call) else { return nil }
      // An outcome is handed out once; whatever is thrown below, nothing is under way any more.
      flight = .idle
      switch outcome {
      case .success(let answer) where answer.succeeded:
        return committed()
      case .success:
        // The guard did not hold. If an earlier try of this very request happened after all, the checkpoint is ours.
        flight = .asking(notBefore: .now)
        return try ask()
      case .failure(let error):
        try failed(error)
        return nil
      }
    }
  }

  /// When `advance` has something to do although nothing arrives.
  var nextDeadline: Deadline {
    switch flight {
    case .idle, .underWay: .never
    case .asking(let until), .waiting(let until): until
    }
  }

  /// Turns the loop until the request under way is decided or the deadline passes.
  func settle(until deadline: Deadline) throws(PipelineFailure) -> Checkpoint? {
    while !isIdle {
      if let done = try advance() { return done }
      if deadline.isPast { return nil }
      loop.turnOrTrap(until: min(deadline, nextDeadline, .after(.seconds(1))))
    }
    return nil
  }

  /// Sends the whole batch and waits until etcd has it, however long etcd is away. Once we are asked to stop, the last
  /// moment ends the wait.
  func write(
    _ batch: inout TransactionBatch, checkpoint: Checkpoint, unless control: Control
  ) throws(PipelineFailure) {
    send(&batch, before: batch.entries.count, checkpoint: checkpoint)
    while !isIdle {
      if control.isStopping, control.loop.cutoff.isPast { throw .stopRequested }
      _ = try settle(until: .after(.seconds(1)))
    }
  }

  private func begin() {
    do throws(EtcdError) {
      try client.connect(deadline: .after(requestTimeout))
      let deadline = Deadline.after(requestTimeout)
      flight = .underWay(
        try client.begin(transaction: body, deadline: deadline))
    } catch {
      let wait = pause.next()
      log.warning("etcd cannot be reached; the request waits", metadata: ["error": "\(error)", "again_in": "\(wait)"])
      flight = .waiting(until: .after(wait))
    }
  }

  private func committed() -> Checkpoint? {
    version += 1
    flight = .idle
    pause.reset()
    defer { pending = nil }
    return pending
  }

  private func failed(_ error: EtcdError) throws(PipelineFailure) {
    if error.fault == .requestTooLarge {
      throw .stop(
        .wrongConfiguration,
        "etcd refuses a request of \(body.count) bytes: set etcd.max_request_bytes to the server's --max-request-bytes "
          + "(\(error))")
    }
    if error.fault == .tooManyOperations {
      throw .stop(
        .wrongConfiguration,
        "etcd refuses so many operations in a request: set etcd.max_txn_ops to the server's --max-txn-ops (\(error))")
    }
    let wait = pause.next()
    if error.isOutcomeUnknown {
      log.warning("a request failed that etcd may have done; asking for it", metadata: ["error": "\(error)"])
      flight = .asking(notBefore: .now)
    } else {
      log.warning(
        "etcd refused a request; it will be sent again", metadata: ["error": "\(error)", "again_in": "\(wait)"])
      flight = .waiting(until: .after(wait))
    }
  }

  /// Reads the checkpoint: n means that the request did not happen, n+1 and our name that it did, anything else that
  /// somebody else writes here.
  private func ask() throws(PipelineFailure) -> Checkpoint? {
    let answer: RangeResponse
    do throws(EtcdError) {
      answer = try client.range(RangeRequest(key: keys.checkpoint), deadline: .after(requestTimeout))
    } catch {
      let wait = pause.next()
      log.warning("etcd cannot be asked for the checkpoint", metadata: ["error": "\(error)", "again_in": "\(wait)"])
      flight = .asking(notBefore: .after(wait))
      return nil
    }
    let found = answer.first
    let foundVersion = found?.version ?? 0
    if foundVersion == version {
      // Where it cannot be asked, the guard decides.
      if (try? isLeading()) ?? true {
        flight = .waiting(until: .after(pause.next()))
        return nil
      }
      flight = .idle
      throw .leadershipLost("the leader key is no longer ours")
    }
    if foundVersion == version + 1, let found, let pending,
      let checkpoint = try? Checkpoint(decoding: found.value), checkpoint == pending
    {
      return committed()
    }
    flight = .idle
    if let found, let checkpoint = try? Checkpoint(decoding: found.value), checkpoint.instance == instance {
      // A request of an earlier term, whose answer was not waited for, has happened after all.
      throw .startOver("an earlier request of ours has happened meanwhile")
    }
    throw .leadershipLost("the checkpoint was written by somebody else (version \(foundVersion), expected \(version))")
  }

  /// Whether the leader key is still ours; true where there is no election.
  func isLeading() throws(EtcdError) -> Bool {
    guard let leaderRevision else { return true }
    let answer = try client.range(RangeRequest(key: keys.leader), deadline: .after(requestTimeout))
    return answer.first?.createRevision == leaderRevision
  }
}
