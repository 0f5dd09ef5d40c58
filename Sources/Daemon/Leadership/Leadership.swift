// SPDX-License-Identifier: Apache-2.0
//
//   standby ──key free──▶ create it with our lease ──▶ leading ──lease or key lost──▶ standby
//      └── holder's process is gone, and it ran here ──▶ delete its key ──┘
internal import Etcd
internal import Logging
internal import Wire

/// The election: one key, created only while it does not exist, bound to a lease that we keep alive.
///
/// Nothing depends on the lease for correctness: every request is guarded by the key's create revision, so a former
/// leader that wakes up cannot write, and taking over early is safe.
final class Leadership {
  private let client: EtcdClient
  private let keys: StateKeys
  private let loop: PollLoop
  private let ttl: Duration
  private let requestTimeout: Duration
  private let instance: String
  private let log: Logger
  private let process = ProcessIdentity.current()
  private var lease: Int64?
  private var timer: TimerID?
  private var keeper: LeaseKeeper?
  /// The create revision of our key while we lead.
  private(set) var revision: Int64?

  init(
    client: EtcdClient, keys: StateKeys, loop: PollLoop, ttl: Duration, requestTimeout: Duration, instance: String,
    log: Logger
  ) {
    self.client = client
    self.keys = keys
    self.loop = loop
    self.ttl = ttl
    self.requestTimeout = requestTimeout
    self.instance = instance
    self.log = log
  }

  /// One attempt to lead. Answers who leads, if it is not us.
  func attempt() throws(EtcdError) -> String? {
    let seconds = max(Int(ttl.components.seconds), 1)
    if lease == nil {
      let granted = try client.leaseGrant(LeaseGrantRequest(timeToLiveSeconds: Int64(seconds)), deadline: deadline).id
      lease = granted
      keepAlive(granted, every: .milliseconds(seconds * 1000 / 3))
    }
    let holder = Holder(instance: instance, process: process)
    var request = TxnRequest()
    request.compare = [Compare(key: keys.leader, .equal, .version(0))]
    request.success = [.put(PutRequest(key: keys.leader, value: holder.encoded(), lease: lease ?? 0))]
    request.failure = [.range(RangeRequest(key: keys.leader))]
    let answer = try client.transact(request, deadline: deadline)
    if answer.succeeded {
      revision = answer.header.revision
      return nil
    }
    guard case .range(let range) = answer.responses.first, let present = range.first else { return "nobody" }
    if present.lease == lease {
      // An earlier attempt happened although its answer was lost.
      revision = present.createRevision
      return nil
    }
    let other = Holder(decoding: present.value)
    if let other, other.process.isGone(seenFrom: process) {
      log.notice(
        "the former leader ran on this host and is gone; taking over", metadata: ["pid": "\(other.process.pid)"])
      try remove(present)
      return try attempt()
    }
    return other?.description ?? "somebody else"
  }

  /// Gives the lead back, so that a standby takes over at once.
  func resign(deadline: Deadline) {
    stopKeeping()
    revision = nil
    guard let lease else { return }
    self.lease = nil
    do throws(EtcdError) {
      _ = try client.leaseRevoke(LeaseRevokeRequest(id: lease), deadline: deadline)
    } catch {
      log.debug("the lease was not revoked; it will run out", metadata: ["error": "\(error)"])
    }
  }

  /// After the lead was lost: the old lease is of no use any more.
  func forget() {
    stopKeeping()
    lease = nil
    revision = nil
  }

  private func stopKeeping() {
    if let timer { loop.cancel(timer) }
    timer = nil
    keeper?.stop()
    keeper = nil
  }

  private var deadline: Deadline { .after(requestTimeout) }

  private func keepAlive(_ lease: Int64, every interval: Duration) {
    let keeper = client.keepAlive(lease: lease)
    self.keeper = keeper
    timer = loop.addTimer(after: interval, every: interval) { keeper.renew() }
  }

  /// The server has said that our lease is over: somebody else may lead.
  var isLeaseGone: Bool { keeper?.isGone == true }

  private func remove(_ present: KeyValue) throws(EtcdError) {
    var request = TxnRequest()
    request.compare = [Compare(key: keys.leader, .equal, .modRevision(present.modRevision))]
    request.success = [.deleteRange(DeleteRangeRequest(key: keys.leader))]
    _ = try client.transact(request, deadline: deadline)
  }
}
