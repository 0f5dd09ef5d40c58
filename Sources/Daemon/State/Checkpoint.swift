// SPDX-License-Identifier: Apache-2.0
package import Wire

/// How far etcd has followed the source: written with every request that writes rows, in the same etcd transaction.
///
/// Everything of the source before `position` is in etcd. If `transaction` is set, so are the first `applied` changes
/// of the transaction that it names.
package struct Checkpoint: Equatable, Sendable {
  package static let format = 1

  package enum Phase: String, Sendable {
    case dump
    case sync
  }

  package var phase: Phase
  package var position: SourcePosition
  package var transaction: PartialTransaction?
  /// A random name of the process that wrote it.
  package var instance: String

  package init(phase: Phase, position: SourcePosition, transaction: PartialTransaction?, instance: String) {
    self.phase = phase
    self.position = position
    self.transaction = transaction
    self.instance = instance
  }

  package func encoded(updatedAt: WallTime) -> [UInt8] {
    var members: [(name: String, value: JSONValue)] = [
      ("format", .number(Self.format)), ("source", .string(position.source)), ("phase", .string(phase.rawValue)),
    ]
    switch position {
    case .postgres(let position): members.append(("position", .object(position.members)))
    case .mysql(let position): members.append(("position", .object(position.members)))
    }
    members.append(("transaction", transaction.map { .object($0.members) } ?? .null))
    if case .postgres(let position) = position { members.append(("slot", .string(position.slot))) }
    members.append(("instance", .string(instance)))
    members.append(("updated_at", .string(updatedAt.rfc3339)))
    return JSONObject.encoded(members)
  }

  /// Throws if the bytes are not a checkpoint of this format: then somebody else wrote the key, or a later version.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    let object = try JSONObject(decoding: bytes)
    guard object["format"]?.integer == Self.format, let position = Self.position(in: object),
      let phase = object["phase"]?.text.flatMap(Phase.init(rawValue:)), let instance = object["instance"]?.text
    else { throw WireError(.badValue("not a checkpoint of this version of Sync"), offset: 0, context: "checkpoint") }
    self.init(phase: phase, position: position, transaction: nil, instance: instance)
    if let partial = object["transaction"]?.object {
      guard let known = PartialTransaction(partial) else {
        throw WireError(.badValue("half a transaction"), offset: 0, context: "checkpoint")
      }
      transaction = known
    }
  }

  private static func position(in object: JSONObject) -> SourcePosition? {
    guard let position = object["position"]?.object else { return nil }
    switch object["source"]?.text {
    case "postgresql": return PostgresPosition(position, slot: object["slot"]?.text).map { .postgres($0) }
    case "mysql": return MySQLPosition(position).map { .mysql($0) }
    default: return nil
    }
  }
}
