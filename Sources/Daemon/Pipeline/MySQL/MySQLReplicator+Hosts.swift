// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import MySQL
internal import Wire

// Which server of `database.host` is followed.
extension MySQLReplicator {
  /// For so long a replica may take to come to where we are, from the last time that it came nearer, and a host that
  /// cannot be reached to come back, before the position counts as lost.
  private static let patience = Duration.seconds(30)

  /// Why a server cannot be followed from the checkpoint.
  private struct Unfitness {
    var reason: String
    /// How many transactions it lacks that we have applied; 0 where waiting for them would be in vain.
    var missing: UInt64 = 0

    func isNearer(than other: Unfitness?) -> Bool {
      guard let other else { return true }
      return missing > 0 && (other.missing == 0 || missing < other.missing)
    }
  }

  /// The first host in order that has what comes after the checkpoint; without one the first that can be followed.
  func openSource(resuming found: Checkpoint?) throws(PipelineFailure) -> Source {
    let hosts = configuration.database.hosts
    var unfit: Unfitness?
    var failure: MySQLError?
    var isHostAway = false
    for (index, host) in hosts.enumerated() {
      if control.isStopping { throw .stopRequested }
      connector.host = host
      connector.hostsLeft = hosts.count - index
      do throws(MySQLError) {
        var source = try openSource()
        guard let reason = try unfitness(found, &source) else {
          connector.hostsLeft = 1
          waiting = nil
          return source
        }
        source.queries.close()
        if reason.isNearer(than: unfit) { unfit = reason }
      } catch {
        if error.isWorthAnotherHost {
          isHostAway = true
          failure = failure ?? error
        } else if case .refused = error.reason {
          // It says more than that another one is away.
          failure = error
        } else {
          throw .source(error)
        }
      }
    }
    guard let unfit else {
      guard let failure else { preconditionFailure("no host is configured") }
      throw .source(failure)
    }
    guard isWorthWaiting(unfit, isHostAway: isHostAway) else { throw .positionLost(unfit.reason) }
    throw .sourceViolation("\(unfit.reason); waiting for it\(hosts.count > 1 ? ", or for another host" : "")")
  }

  private func isWorthWaiting(_ unfit: Unfitness, isHostAway: Bool) -> Bool {
    guard unfit.missing > 0 || isHostAway else { return false }
    if let waiting, unfit.missing >= waiting.missing { return !waiting.until.isPast }
    waiting = (.after(Self.patience), unfit.missing)
    return true
  }

  private func unfitness(_ checkpoint: Checkpoint?, _ source: inout Source) throws(MySQLError) -> Unfitness? {
    guard let checkpoint else { return nil }
    let (facts, queries) = (source.facts, source.queries)
    let extent = try queries.logExtent(deadline: queryDeadline)
    guard let reason = checkpoint.reasonOfLoss(facts, extent, usesGTIDs: usesGTIDs(facts)) else {
      source.hasPlace = facts.version.flavor == .mariaDB && checkpoint.place(facts)?.isIn(extent, of: facts) == true
      return nil
    }
    let missing = checkpoint.transactionsMissing(at: facts)
    var mayFollow = missing > 0
    if mayFollow, !facts.isReadOnly { mayFollow = try queries.isApplying(deadline: queryDeadline) }
    return Unfitness(reason: reason, missing: mayFollow ? missing : 0)
  }

  /// A further connection to the server that is followed: behind one name there may be several.
  func open(_ purpose: MySQLConnector.Purpose, _ source: Source) throws(PipelineFailure) -> MySQLConnection {
    let connection: MySQLConnection
    let owner: String
    do throws(MySQLError) {
      connection = try connector.open(purpose)
      owner = try connection.logOwner(deadline: queryDeadline)
    } catch {
      throw .source(error)
    }
    if owner == source.facts.logOwner { return connection }
    connection.close()
    throw .sourceViolation("another server answers at \(connection.peer) (\(owner)) than a moment ago")
  }
}

extension MySQLConnection {
  /// As `ServerFacts.logOwner`.
  fileprivate func logOwner(deadline: Deadline) throws(MySQLError) -> String {
    let name = server.flavor == .mysql ? "@@server_uuid" : "CONCAT(@@server_id, '@', @@hostname, ':', @@port)"
    return try query("SELECT \(name)", deadline: deadline).scalar ?? ""
  }
}

extension Checkpoint {
  fileprivate func place(_ facts: ServerFacts) -> LogPlace? {
    guard case .mysql(let text) = position else { return nil }
    return LogPlace(text, flavor: facts.version.flavor)
  }

  /// How many transactions we have applied that another server of the same log does not have, or not yet; 0 where that
  /// cannot be said.
  fileprivate func transactionsMissing(at facts: ServerFacts) -> UInt64 {
    guard let place = place(facts),
      place.logFile.map({ $0.server != facts.logOwner }) ?? !facts.isOwner(place.serverUUID)
    else { return 0 }
    switch place.executed {
    case .mysql(let set): return GTIDSet(facts.gtidExecuted).map { set.subtracting($0).count } ?? 0
    case .mariaDB(let last):
      guard let end = MariaDBGTIDPosition(facts.gtidBinlogPosition) else { return 0 }
      return last.gtids.reduce(0) { sum, gtid in
        let there = end[gtid.domain]?.sequence ?? 0
        return sum &+ (gtid.sequence > there ? gtid.sequence - there : 0)
      }
    case .unknown: return 0
    }
  }
}
