// SPDX-License-Identifier: Apache-2.0
internal import MySQL

extension Checkpoint {
  /// Why the server's log has not everything that comes after this checkpoint; nil if it has, as far as can be told
  /// without asking for it.
  func reasonOfLoss(_ facts: ServerFacts, files: [BinaryLogFile], usesGTIDs: Bool) -> String? {
    guard case .mysql(let text) = position, let place = LogPlace(text, flavor: facts.version.flavor) else {
      return "the checkpoint's GTIDs are not of this kind of server"
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
    case .mariaDB:
      // The server itself answers for its GTIDs, when it is asked for the log.
      if usesGTIDs { return nil }
    case .unknown: break
    }
    guard place.serverUUID == facts.fileOwner else {
      return "the checkpoint is of another server (\(place.serverUUID)), and GTIDs are off"
    }
    guard let file = files.first(where: { $0.name == place.position.file }) else {
      return "the server has purged \(place.position.file)"
    }
    return file.size < place.position.offset ? "\(file.name) ends before \(place.position.offset)" : nil
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
