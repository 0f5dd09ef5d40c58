// SPDX-License-Identifier: Apache-2.0
public import Wire

/// `CREATE_REPLICATION_SLOT … LOGICAL`.
public struct CreateReplicationSlot: Sendable {
  /// What becomes of the snapshot that shows the database at the slot's starting point.
  public enum Snapshot: Sendable {
    /// Other sessions may use it by its name, until this connection runs its next command.
    case export
    /// This connection's transaction uses it; it must be the first command of a REPEATABLE READ transaction.
    case use
    case none
  }

  public var slot: String
  public var plugin: String
  public var snapshot: Snapshot
  /// Gone when the connection ends.
  public var isTemporary: Bool
  /// 15 and later.
  public var isTwoPhase: Bool
  /// 17 and later.
  public var isFailover: Bool

  public init(
    slot: String, plugin: String = "pgoutput", snapshot: Snapshot = .export, isTemporary: Bool = false,
    isTwoPhase: Bool = false, isFailover: Bool = false
  ) {
    self.slot = slot
    self.plugin = plugin
    self.snapshot = snapshot
    self.isTemporary = isTemporary
    self.isTwoPhase = isTwoPhase
    self.isFailover = isFailover
  }

  /// The command as this server reads it: with options in parentheses from 15 on.
  public func text(serverVersion: Int) -> String {
    let kind = isTemporary ? " TEMPORARY LOGICAL" : " LOGICAL"
    let head = "CREATE_REPLICATION_SLOT \(SQLIdentifier(slot))\(kind) \(SQLIdentifier(plugin))"
    guard serverVersion >= 150_000 else {
      let word =
        switch snapshot {
        case .export: " EXPORT_SNAPSHOT"
        case .use: " USE_SNAPSHOT"
        case .none: " NOEXPORT_SNAPSHOT"
        }
      return head + word + (isTwoPhase && serverVersion >= 140_000 ? " TWO_PHASE" : "")
    }
    let value =
      switch snapshot {
      case .export: "'export'"
      case .use: "'use'"
      case .none: "'nothing'"
      }
    var options = ["SNAPSHOT \(value)"]
    if isTwoPhase { options.append("TWO_PHASE") }
    if isFailover && serverVersion >= 170_000 { options.append("FAILOVER") }
    return head + " (\(options.joined(separator: ", ")))"
  }

  /// What the server answers.
  public struct Created: Equatable, Sendable {
    public var slot: String
    public var consistentPoint: LSN
    /// With `.export` only.
    public var snapshotName: String?
  }
}

extension PostgresConnection {
  /// Makes a logical slot. Waits for the transactions that are running on the server, however old: give it time, and
  /// on a timeout look who is in the way (`transactionsBlockingSlots`).
  public func createReplicationSlot(
    _ command: CreateReplicationSlot, deadline: Deadline
  ) throws(PostgresError) -> CreateReplicationSlot.Created {
    let result = try query(command.text(serverVersion: serverVersion), deadline: deadline)
    guard result.rows.count == 1, let slot = result.value(row: 0, "slot_name"),
      let point = result.value(row: 0, "consistent_point").flatMap({ LSN($0) })
    else { throw unreadable("CREATE_REPLICATION_SLOT") }
    return CreateReplicationSlot.Created(
      slot: slot, consistentPoint: point, snapshotName: result.value(row: 0, "snapshot_name"))
  }

  /// The server's answer to one of our own commands is not what the documentation says.
  func unreadable(_ command: String) -> PostgresError {
    PostgresError(.refused("the answer to \(command) cannot be read"), peer: peer)
  }
}
