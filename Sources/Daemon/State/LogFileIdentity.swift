// SPDX-License-Identifier: Apache-2.0
internal import MySQL

/// Which file of a binary log was followed last, by more than its name: a server whose log is reset begins again with
/// the first name and with GTID 1, and what it has written since may look like what we know.
package struct LogFileIdentity: Equatable, Sendable {
  /// Whose file it is: `ServerFacts.logOwner`.
  package var server: String
  package var file: String
  /// The time of its format description event, seconds since 1970.
  package var created: UInt32

  package init(server: String, file: String, created: UInt32) {
    self.server = server
    self.file = file
    self.created = created
  }

  var members: JSONObject {
    JSONObject([("server", .string(server)), ("file", .string(file)), ("created", .number(Int(created)))])
  }

  init?(_ object: JSONObject) {
    guard let server = object["server"]?.text, let file = object["file"]?.text,
      let created = object["created"]?.integer.flatMap(UInt32.init(exactly:))
    else { return nil }
    self.init(server: server, file: file, created: created)
  }

  /// Whether the log comes to this file after `file`. False of another server, and of files that are named
  /// otherwise (`log_bin` has changed), whose numbers say nothing.
  func isAhead(of file: String, server: String) -> Bool {
    let (own, other) = (BinlogFilePosition(file: self.file, offset: 4), BinlogFilePosition(file: file, offset: 4))
    guard server == self.server, own.fileBase == other.fileBase, let number = own.fileNumber,
      let otherNumber = other.fileNumber
    else { return false }
    return otherNumber < number
  }
}

extension ServerFacts {
  /// What tells one server's log from another's. MariaDB has no UUID, and the members of a cluster may share one
  /// `server_id`, and so GTIDs, while each has a log of its own.
  var logOwner: String { serverUUID.isEmpty ? "\(serverID)@\(hostName):\(port)" : serverUUID }
}

extension LogPlace {
  /// The stream has come to the beginning of a file, or begins in it. False if it is not the file of this name that was
  /// followed before.
  mutating func enter(_ found: LogFileIdentity) -> Bool {
    if let known = logFile, known.server == found.server {
      if known.file == found.file { return known.created == found.created }
      // The server goes back to where it has a transaction that we have not; the known file is still to come.
      if known.isAhead(of: found.file, server: found.server) { return true }
    }
    logFile = found
    return true
  }
}
