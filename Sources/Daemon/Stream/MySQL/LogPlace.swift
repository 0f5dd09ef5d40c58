// SPDX-License-Identifier: Apache-2.0
internal import MySQL

/// How a log names a transaction.
enum TransactionName: Equatable {
  case mysql(GTID)
  case mariaDB(MariaDBGTID)
  /// GTIDs are off: by where it begins.
  case anonymous(BinlogFilePosition)

  var identity: PartialTransaction.Identity {
    switch self {
    case .mysql(let gtid): .gtid("\(gtid)")
    case .mariaDB(let gtid): .gtid("\(gtid)")
    case .anonymous(let position): .offset(file: position.file, offset: position.offset)
    }
  }
}

/// A place between two transactions of a binary log, as one that moves: `MySQLPosition` is its text.
struct LogPlace: Equatable {
  /// Which transactions are done.
  enum Executed: Equatable {
    /// GTIDs are off, or have been.
    case unknown
    case mysql(GTIDSet)
    case mariaDB(MariaDBGTIDPosition)
  }

  var executed: Executed
  var position: BinlogFilePosition
  var serverUUID: String
  var prepared: [PreparedTransaction] = []
  var logFile: LogFileIdentity?

  init(executed: Executed, position: BinlogFilePosition, serverUUID: String) {
    self.executed = executed
    self.position = position
    self.serverUUID = serverUUID
  }

  /// Nil if the text of its GTIDs is none of this flavor.
  init?(_ text: MySQLPosition, flavor: ServerFlavor) {
    position = BinlogFilePosition(file: text.file, offset: text.offset)
    serverUUID = text.serverUUID
    prepared = text.prepared
    logFile = text.logFile
    guard let gtid = text.gtid else {
      executed = .unknown
      return
    }
    switch flavor {
    case .mysql:
      guard let set = GTIDSet(gtid) else { return nil }
      executed = .mysql(set)
    case .mariaDB:
      guard let position = MariaDBGTIDPosition(gtid) else { return nil }
      executed = .mariaDB(position)
    }
  }

  var text: MySQLPosition {
    let gtid: String? =
      switch executed {
      case .unknown: nil
      case .mysql(let set): set.description
      case .mariaDB(let position): position.description
      }
    return MySQLPosition(
      gtid: gtid, file: position.file, offset: position.offset, serverUUID: serverUUID, prepared: prepared,
      logFile: logFile)
  }

  /// The transaction is done, and the log stands at `end`.
  mutating func add(_ name: TransactionName, end: BinlogFilePosition) {
    position = end
    // Moved out and in again: a copy would be one for each transaction.
    switch (name, executed) {
    case (.mysql(let gtid), .mysql(var set)):
      executed = .unknown
      set.add(gtid)
      executed = .mysql(set)
    case (.mariaDB(let gtid), .mariaDB(var last)):
      executed = .unknown
      last.update(gtid)
      executed = .mariaDB(last)
    case (.anonymous, .mysql):
      // No set can say that this one is done; file and offset do.
      executed = .unknown
    default: break
    }
  }

  /// Whether the transaction that begins at `begin` of the server `serverUUID` is before this place. On the same server
  /// the log's own order says so; on another one only GTIDs do.
  func covers(_ name: TransactionName, from begin: BinlogFilePosition, of serverUUID: String) -> Bool {
    if serverUUID == self.serverUUID { return begin < position }
    switch (name, executed) {
    case (.mysql(let gtid), .mysql(let set)): return set.contains(gtid)
    case (.mariaDB(let gtid), .mariaDB(let last)): return (last[gtid.domain]?.sequence ?? 0) >= gtid.sequence
    default: return false
    }
  }
}
