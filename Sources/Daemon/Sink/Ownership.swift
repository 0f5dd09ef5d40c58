// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Wire

/// Who may write below a prefix: one replication, named in a key outside of any replication's own state.
struct Ownership {
  let client: EtcdClient
  let keys: StateKeys
  let name: String
  let requestTimeout: Duration

  /// A prefix and whose it is.
  struct Claim {
    var key: [UInt8]
    var prefix: RowsPrefix
    var owner: String

    var refusal: String {
      "The rows below \(prefix) belong to the replication \"\(owner)\": set another etcd.path or sync.key, "
        + "or name: \(owner) if this is the same replication"
    }
  }

  /// A replication that has our prefix, or one within which ours lies or the other way round.
  func conflict() throws(EtcdError) -> Claim? {
    try claims().first { $0.owner != name && $0.prefix.meets(keys.rowsPrefix) }
  }

  /// What is ours by another configuration: before `etcd.path` or `sync.key` was changed.
  func former() throws(EtcdError) -> [Claim] {
    try claims().filter { $0.owner == name && $0.key != keys.owner }
  }

  private func claims() throws(EtcdError) -> [Claim] {
    try client.range(
      RangeRequest(key: keys.owners, rangeEnd: KeyRange.end(ofPrefix: keys.owners)), deadline: .after(requestTimeout)
    ).keyValues.map { item in
      let name = String(decoding: item.key.dropFirst(keys.owners.count), as: UTF8.self)
      return Claim(
        key: item.key, prefix: RowsPrefix(name: name), owner: String(decoding: item.value, as: UTF8.self))
    }
  }

  /// Another replication whose checkpoint counts on this slot of this database cluster: making it anew would lose that
  /// one's position. (Two configurations that leave the slot's name at its default come to this.)
  func otherUser(ofSlot slot: String, system: String) throws(EtcdError) -> String? {
    for other in Set(try claims().map(\.owner)).sorted() where other != name {
      let found = try client.range(
        RangeRequest(key: keys.checkpoint(ofReplication: other)), deadline: .after(requestTimeout))
      guard let bytes = found.first?.value, let checkpoint = try? Checkpoint(decoding: bytes),
        case .postgres(let position) = checkpoint.position
      else { continue }
      if position.slot == slot, position.systemIdentifier == system { return other }
    }
    return nil
  }

  func refuseConflict() throws(PipelineFailure) {
    do throws(EtcdError) {
      guard let conflict = try conflict() else { return }
      throw EtcdError.configuration(conflict.refusal)
    } catch {
      if case .configuration(let sentence) = error { throw .stop(.heldElsewhere, sentence) }
      throw .sink(error)
    }
  }

  /// Makes the prefix ours.
  func claim() throws(PipelineFailure) {
    try refuseConflict()
    var request = TxnRequest()
    request.compare = [Compare(key: keys.owner, .equal, .version(0))]
    request.success = [.put(PutRequest(key: keys.owner, value: Array(name.utf8)))]
    do throws(EtcdError) {
      if try client.transact(request, deadline: .after(requestTimeout)).succeeded { return }
    } catch {
      throw .sink(error)
    }
    // It was there: ours, or somebody was quicker.
    try refuseConflict()
  }
}
