// SPDX-License-Identifier: Apache-2.0
package import Postgres
package import Wire

/// How far etcd has followed the source: written with every request that writes rows, in the same etcd transaction.
///
/// Everything of the source before `lsn` is in etcd. If `transaction` is set, so are the first `applied` changes of the
/// transaction that commits at `transaction.lsn`: it spans several requests, and the source will send it again from its
/// beginning.
package struct Checkpoint: Equatable, Sendable {
  package static let format = 1

  package enum Phase: String, Sendable {
    case dump
    case sync
  }

  /// What is applied of a transaction that spans requests.
  package struct PartialTransaction: Equatable, Sendable {
    package var lsn: LSN
    package var applied: Int
  }

  package var phase: Phase
  package var lsn: LSN
  package var timeline: Int
  package var systemIdentifier: String
  package var transaction: PartialTransaction?
  /// A random name of the process that wrote it.
  package var instance: String
  /// The slot to which `lsn` belongs.
  package var slot: String

  package init(
    phase: Phase, lsn: LSN, timeline: Int, systemIdentifier: String, transaction: PartialTransaction?, instance: String,
    slot: String
  ) {
    self.phase = phase
    self.lsn = lsn
    self.timeline = timeline
    self.systemIdentifier = systemIdentifier
    self.transaction = transaction
    self.instance = instance
    self.slot = slot
  }

  package func encoded(updatedAt: WallTime) -> [UInt8] {
    let partial: JSONValue =
      if let transaction {
        .object(JSONObject([("lsn", .string("\(transaction.lsn)")), ("applied", .number(transaction.applied))]))
      } else {
        .null
      }
    return JSONObject.encoded([
      ("format", .number(Self.format)), ("source", .string("postgresql")), ("phase", .string(phase.rawValue)),
      (
        "position",
        .object(
          JSONObject([
            ("lsn", .string("\(lsn)")), ("timeline", .number(timeline)),
            ("system_identifier", .string(systemIdentifier)),
          ]))
      ),
      ("transaction", partial), ("slot", .string(slot)), ("instance", .string(instance)),
      ("updated_at", .string(updatedAt.rfc3339)),
    ])
  }

  /// Throws if the bytes are not a checkpoint of this format: then somebody else wrote the key, or a later version.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    let object = try JSONObject(decoding: bytes)
    let position = object["position"]?.object
    guard object["format"]?.integer == Self.format, object["source"]?.text == "postgresql",
      let phase = object["phase"]?.text.flatMap(Phase.init(rawValue:)),
      let lsn = position?["lsn"]?.text.flatMap(LSN.init), let timeline = position?["timeline"]?.integer,
      let system = position?["system_identifier"]?.text, let slot = object["slot"]?.text,
      let instance = object["instance"]?.text
    else { throw WireError(.badValue("not a checkpoint of this version of Sync"), offset: 0, context: "checkpoint") }
    self.init(
      phase: phase, lsn: lsn, timeline: timeline, systemIdentifier: system, transaction: nil, instance: instance,
      slot: slot)
    if let partial = object["transaction"]?.object {
      guard let lsn = partial["lsn"]?.text.flatMap(LSN.init), let applied = partial["applied"]?.integer else {
        throw WireError(.badValue("half a transaction"), offset: 0, context: "checkpoint")
      }
      transaction = PartialTransaction(lsn: lsn, applied: applied)
    }
  }
}
