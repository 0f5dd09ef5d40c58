// SPDX-License-Identifier: Apache-2.0
package import Postgres

/// What is applied of a transaction that spans requests: the source will send it again from its beginning.
package struct PartialTransaction: Equatable, Sendable {
  /// By what the transaction is known again.
  package enum Identity: Equatable, Sendable {
    /// PostgreSQL: where it commits.
    case lsn(LSN)
    /// MySQL and MariaDB: its GTID.
    case gtid(String)
    /// Without GTIDs: where it begins.
    case offset(file: String, offset: UInt64)
  }

  package var identity: Identity
  package var applied: Int

  package init(identity: Identity, applied: Int) {
    self.identity = identity
    self.applied = applied
  }

  package init(lsn: LSN, applied: Int) { self.init(identity: .lsn(lsn), applied: applied) }

  /// Of PostgreSQL's transactions.
  package var lsn: LSN? {
    if case .lsn(let lsn) = identity { return lsn }
    return nil
  }

  var members: JSONObject {
    let name: [(name: String, value: JSONValue)] =
      switch identity {
      case .lsn(let lsn): [("lsn", .string("\(lsn)"))]
      case .gtid(let gtid): [("gtid", .string(gtid))]
      case .offset(let file, let offset): [("file", .string(file)), ("offset", .number(Int(clamping: offset)))]
      }
    return JSONObject(name + [("applied", .number(applied))])
  }

  init?(_ object: JSONObject) {
    guard let applied = object["applied"]?.integer else { return nil }
    if let lsn = object["lsn"]?.text.flatMap(LSN.init) {
      self.init(identity: .lsn(lsn), applied: applied)
    } else if let gtid = object["gtid"]?.text {
      self.init(identity: .gtid(gtid), applied: applied)
    } else if let file = object["file"]?.text, let offset = object["offset"]?.integer.flatMap(UInt64.init(exactly:)) {
      self.init(identity: .offset(file: file, offset: offset), applied: applied)
    } else {
      return nil
    }
  }
}
