// SPDX-License-Identifier: Apache-2.0
/// `START_REPLICATION SLOT … LOGICAL`: from where, and with which options for the plugin.
public struct StartReplication: Sendable {
  public var slot: String
  /// The server starts at the slot's confirmed position if that is later.
  public var from: LSN
  /// In order; all values are quoted.
  public var options: [(name: String, value: String)]

  public init(slot: String, from: LSN, options: [(name: String, value: String)]) {
    self.slot = slot
    self.from = from
    self.options = options
  }

  /// With pgoutput's options.
  public init(
    slot: String, from: LSN, publications: [String], protocolVersion: Int = 1,
    further: [(name: String, value: String)] = []
  ) {
    // "Comma-separated list of publication names": a list of identifiers inside the string.
    let names = publications.map { SQLIdentifier($0).description }.joined(separator: ",")
    self.init(
      slot: slot, from: from,
      options: [("proto_version", "\(protocolVersion)"), ("publication_names", names)] + further)
  }

  public var text: String {
    let list = options.map { "\(SQLIdentifier($0.name)) \(ReplicationLiteral($0.value))" }.joined(separator: ", ")
    return "START_REPLICATION SLOT \(SQLIdentifier(slot)) LOGICAL \(from)" + (list.isEmpty ? "" : " (\(list))")
  }
}
