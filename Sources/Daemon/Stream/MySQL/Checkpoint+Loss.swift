// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

/// What a server still has of its log.
struct LogExtent {
  /// Oldest first.
  var files: [BinaryLogFile] = []
  /// MariaDB: the last transaction of each domain before the oldest file. Nil where it is not known.
  var start: MariaDBGTIDPosition?
}

extension MySQLConnection {
  func logExtent(deadline: Deadline) throws(MySQLError) -> LogExtent {
    var extent = LogExtent(files: try logFiles(deadline: deadline))
    guard server.flavor == .mariaDB, let oldest = extent.files.first else { return extent }
    // Null where the file has been purged meanwhile.
    extent.start = try gtids(at: BinlogFilePosition(file: oldest.name, offset: 4), deadline: deadline)
    return extent
  }
}

extension Checkpoint {
  /// Why the server's log has not everything that comes after this checkpoint; nil if it has, as far as can be told
  /// without asking for it.
  func reasonOfLoss(_ facts: ServerFacts, _ log: LogExtent, usesGTIDs: Bool) -> String? {
    guard case .mysql(let text) = position, let place = LogPlace(text, flavor: facts.version.flavor) else {
      return "the checkpoint's GTIDs are not of this kind of server"
    }
    // Otherwise GTIDs and offsets may agree by chance.
    if let known = place.logFile, let newest = log.files.last, known.isAhead(of: newest.name, server: facts.logOwner) {
      return "the server's log was reset: it ends with \(newest.name), and \(known.file) was followed"
    }
    switch place.executed {
    case .mysql(let set):
      guard usesGTIDs else { break }
      guard let purged = GTIDSet(facts.gtidPurged), let executed = GTIDSet(facts.gtidExecuted) else { return nil }
      if !purged.isSubset(of: set) {
        return "the server has purged transactions that we have not seen: \(purged.subtracting(set))"
      }
      if !set.isSubset(of: executed) {
        return "the server does not know transactions that we have applied: \(set.subtracting(executed))"
      }
      return nil
    case .mariaDB(let last):
      guard usesGTIDs else { break }
      if place.isIn(log, of: facts) { return nil }
      return last.reasonOfLoss(facts, start: log.start)
    case .unknown: break
    }
    guard facts.isOwner(place.serverUUID) else {
      return "the checkpoint is of another server (\(place.serverUUID)), and has no GTIDs"
    }
    guard let file = log.files.first(where: { $0.name == place.position.file }) else {
      return "the server has purged \(place.position.file)"
    }
    return file.size < place.position.offset ? "\(file.name) ends before \(place.position.offset)" : nil
  }
}

extension LogPlace {
  /// Whether the server has this very file as far as this place. Then the file says better than the numbers of
  /// MariaDB's GTIDs what comes next: without `gtid_strict_mode` (the default) they go up and down.
  func isIn(_ log: LogExtent, of facts: ServerFacts) -> Bool {
    guard let logFile, logFile.server == facts.logOwner, logFile.file == position.file else { return false }
    return log.files.contains { $0.name == position.file && $0.size >= position.offset }
  }
}

extension MariaDBGTIDPosition {
  /// The same for domains: `start` is where the log's oldest file begins.
  fileprivate func reasonOfLoss(_ facts: ServerFacts, start: MariaDBGTIDPosition?) -> String? {
    guard let end = MariaDBGTIDPosition(facts.gtidBinlogPosition) else { return nil }
    let state = facts.gtidBinlogState.split(separator: ",").compactMap {
      MariaDBGTID(String($0.filter { !$0.isWhitespace }))
    }
    func isKnown(_ gtid: MariaDBGTID) -> Bool {
      if let last = end[gtid.domain], last.sequence >= gtid.sequence { return true }
      return state.contains {
        $0.domain == gtid.domain && $0.server == gtid.server && $0.sequence >= gtid.sequence
      }
    }
    if let unknown = gtids.first(where: { !isKnown($0) }) {
      return "the server does not know transactions that we have applied: \(unknown)"
    }
    let purged = start?.gtids.first { first in
      guard let ours = self[first.domain] else { return true }
      // Only in strict mode do numbers of different servers say what comes first; else the server has the last word.
      return ours.sequence < first.sequence && (ours.server == first.server || facts.isGTIDStrict)
    }
    return purged.map { "the server has purged transactions that we have not seen: up to \($0)" }
  }
}

extension MySQLConfiguration {
  /// Whether positions are kept as GTIDs.
  func usesGTIDs(_ facts: ServerFacts) -> Bool {
    switch gtid {
    case .off: false
    case .on: true
    case .auto: facts.version.flavor == .mariaDB || facts.gtidMode == "ON"
    }
  }
}
