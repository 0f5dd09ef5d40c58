// SPDX-License-Identifier: Apache-2.0
//
//   lead ─▶ read the checkpoint ─▶ look at the source ─▶ dump what must be dumped ─▶ follow the log
//    ▲                                                                                │
//    └──────────── anything that was lost: from the checkpoint again ─────────────────┘
internal import Etcd
internal import Logging
internal import Wire

/// One run of the daemon: leads, dumps, follows, and begins again from the checkpoint whenever something was lost. What
/// it reads from is a subclass's: `PostgresReplicator`, `MySQLReplicator`.
class Replicator {
  let configuration: Configuration
  let log: Logger
  let loop: PollLoop
  let control: Control
  let client: EtcdClient
  let keys: StateKeys
  let leadership: Leadership
  let limits: BatchLimits
  let oversized: OversizedRows
  /// A random name, by which the checkpoint's writer is known.
  let instance: String
  /// Has once reached the log or a dump: from then on nothing but a decision ends it.
  var hasRun = false
  /// The checkpoint that was found is that of a run that has dumped.
  var isResuming = false
  var attempts = 0
  /// Chosen tables that cannot be followed as they are; what etcd holds of them stays until they can.
  var unfollowed: Set<TableReference> = []
  /// What has been said of them.
  var reported: [TableProblem] = []
  /// What `tables` names in vain is said once.
  var hasToldNames = false
  /// The next term dumps everything: the configuration says so, or the position is lost.
  var mustDumpAll: Bool
  /// Until then etcd may be missing at start.
  private let sinkPatience: Deadline
  /// A standby has run, although it has neither dumped nor followed: it outlives an outage of etcd like a leader.
  var hasStoodBy = false
  var pause: Backoff
  var sink: EtcdSink?

  init(configuration: Configuration, loop: PollLoop, log: Logger) throws(SystemError) {
    self.configuration = configuration
    self.log = log
    self.loop = loop
    control = try Control(loop: loop, log: log)
    let etcd = configuration.etcd
    client = EtcdClient(etcd.clientConfiguration, loop: loop)
    keys = StateKeys(statePath: etcd.statePath, name: configuration.name, rowsPrefix: configuration.rowsPrefix)
    var name = ByteWriter()
    unsafe name.append(hex: Random.bytes(8).span.bytes)
    instance = String(decoding: name.bytes)
    leadership = Leadership(
      client: client, keys: keys, loop: loop, ttl: configuration.ha.leaseTTL, requestTimeout: etcd.requestTimeout,
      instance: instance, log: log)
    let nesting = TransactionNesting(operationsMax: etcd.transactionOperationsMax)
    // Guards, checkpoint, group heads and gRPC's own bytes have to fit beside the rows.
    limits = BatchLimits(
      operationsMax: nesting.capacity(leading: 1), bytesMax: max(etcd.requestBytesMax - (24 << 10), 16 << 10))
    oversized = OversizedRows(
      policy: configuration.sync.onOversizedRow, requestBytesMax: etcd.requestBytesMax, log: log)
    mustDumpAll = configuration.sync.dump == .always || configuration.sync.dump == .only
    sinkPatience = .after(etcd.dialTimeout)
    pause = Backoff(first: configuration.database.retryPeriod, most: .seconds(30))
  }

  var requestTimeout: Duration { configuration.etcd.requestTimeout }

  /// One term, from the checkpoint that was found to losing something: a connection, the lead, the shape of a table.
  func term(_ found: Checkpoint?, _ sink: EtcdSink) throws(PipelineFailure) {
    preconditionFailure("the subclass's")
  }

  /// These tables are dumped by the next term, whatever their states say.
  func mark(forDump tables: [TableReference]) { preconditionFailure("the subclass's") }

  // MARK: Running

  func run() -> Conclusion {
    while true {
      do throws(PipelineFailure) {
        try lead()
        return stopped()
      } catch {
        if let conclusion = react(to: error) { return conclusion }
      }
    }
  }

  /// What a failure means: the end, or another term after a pause.
  private func react(to failure: PipelineFailure) -> Conclusion? {
    if control.isStopping { return stopped() }
    settle()
    switch failure {
    case .stop(let status, let sentence):
      leadership.resign(deadline: .after(.seconds(1)))
      return Conclusion(status, sentence)
    case .stopRequested:
      return stopped()
    case .source(let error):
      return lost("the source", "\(error)", isRefusal: error.isRefusal)
    case .sourceViolation(let text):
      return lost("the source", text, isRefusal: false)
    case .sink(let error):
      return lost("etcd", "\(error)", isRefusal: error.isRefusal)
    case .leadershipLost(let reason):
      leadership.forget()
      guard configuration.ha.isEnabled else {
        return Conclusion(.heldElsewhere, "Another instance writes here (\(reason)): stop it, or set ha.enabled: true")
      }
      log.warning("the lead is lost; standing by", metadata: ["reason": "\(reason)"])
      return nil
    case .positionLost(let reason):
      return positionLost(reason)
    case .startOver(let reason):
      log.notice("starting over from the checkpoint", metadata: ["reason": "\(reason)"])
      control.sleep(.milliseconds(50))
      return nil
    case .redump(let tables, let reason):
      for table in tables {
        log.warning("table will be dumped again", metadata: ["table": "\(table.name)", "reason": "\(reason)"])
      }
      mark(forDump: tables)
      return nil
    }
  }

  private func positionLost(_ reason: String) -> Conclusion? {
    guard configuration.sync.onLostPosition == .dump else {
      leadership.resign(deadline: .after(.seconds(1)))
      return Conclusion(
        .positionLost,
        "The position in the source's log is lost: \(reason); set sync.on_lost_position: dump to begin anew")
    }
    log.warning("the position is lost; everything will be dumped again", metadata: ["reason": "\(reason)"])
    mustDumpAll = true
    return nil
  }

  /// A server that failed us. Before the first success there is an end to the attempts, afterwards there is none.
  private func lost(_ who: String, _ error: String, isRefusal: Bool) -> Conclusion? {
    attempts += 1
    let isEnough = who == "etcd" ? sinkPatience.isPast : attempts > configuration.database.connectionRetries
    if !hasRun, isRefusal || (isEnough && !(who == "etcd" && hasStoodBy)) {
      leadership.resign(deadline: .after(.seconds(1)))
      return Conclusion(
        .serverUnavailable,
        "\(who == "etcd" ? "etcd" : "The source") cannot be used: \(error); syncd check says what to type")
    }
    let wait = pause.next()
    log.warning("\(who) failed us; trying again", metadata: ["error": "\(error)", "again_in": "\(wait)"])
    control.sleep(wait)
    return nil
  }

  /// A request under way is decided before anything else: then the checkpoint's version is known.
  private func settle() {
    guard let sink, !sink.isIdle else { return }
    // Once we are asked to stop there is less time than a request may take.
    _ = try? sink.settle(until: min(.after(requestTimeout), loop.cutoff))
  }

  private func stopped() -> Conclusion {
    settle()
    // A source that is silent may have had all the time there was; "exit 0 within 5 s" leaves this.
    if loop.cutoff != .never { loop.cutoff = max(loop.cutoff, .after(.milliseconds(600))) }
    leadership.resign(deadline: min(loop.cutoff, .after(.seconds(2))))
    client.disconnect()
    return Conclusion(.done, control.isStopping ? "" : "Done.")
  }
}

extension EtcdError {
  var isRefusal: Bool {
    switch fault {
    case .authenticationFailed, .permissionDenied, .userNameEmpty: true
    default: if case .configuration = self { true } else { false }
    }
  }
}
