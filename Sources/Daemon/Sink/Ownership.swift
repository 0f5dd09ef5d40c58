// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Wire

/// Who may write below a prefix: one replication, named in a key outside of any replication's own state.
struct Ownership {
  let client: EtcdClient
  let keys: StateKeys
  let name: String
  let requestTimeout: Duration

  /// A replication that has our prefix, or one within which ours lies or the other way round.
  func conflict() throws(EtcdError) -> (prefix: String, owner: String)? {
    let answer = try client.range(
      RangeRequest(key: keys.owners, rangeEnd: KeyRange.end(ofPrefix: keys.owners)), deadline: .after(requestTimeout))
    for item in answer.keyValues {
      let prefix = String(decoding: item.key.dropFirst(keys.owners.count), as: UTF8.self)
      let owner = String(decoding: item.value, as: UTF8.self)
      let meets =
        prefix == keys.rowsPath || prefix.hasPrefix(keys.rowsPath + "/") || keys.rowsPath.hasPrefix(prefix + "/")
      if meets, owner != name { return (prefix, owner) }
    }
    return nil
  }

  /// Another replication whose checkpoint counts on this slot of this database cluster: making it anew would lose that
  /// one's position. (Two configurations that leave the slot's name at its default come to this.)
  func otherUser(ofSlot slot: String, system: String) throws(EtcdError) -> String? {
    let answer = try client.range(
      RangeRequest(key: keys.owners, rangeEnd: KeyRange.end(ofPrefix: keys.owners)), deadline: .after(requestTimeout))
    for other in Set(answer.keyValues.map { String(decoding: $0.value, as: UTF8.self) }).sorted() where other != name {
      let found = try client.range(
        RangeRequest(key: keys.checkpoint(ofReplication: other)), deadline: .after(requestTimeout))
      guard let bytes = found.first?.value, let checkpoint = try? Checkpoint(decoding: bytes),
        case .postgres(let position) = checkpoint.position
      else { continue }
      if position.slot == slot, position.systemIdentifier == system { return other }
    }
    return nil
  }

  /// Makes the prefix ours.
  func claim() throws(PipelineFailure) {
    do throws(EtcdError) {
      var found = try conflict()
      if found == nil {
        var request = TxnRequest()
        request.compare = [Compare(key: keys.owner, .equal, .version(0))]
        request.success = [.put(PutRequest(key: keys.owner, value: Array(name.utf8)))]
        if try client.transact(request, deadline: .after(requestTimeout)).succeeded { return }
        // It was there: ours, or somebody was quicker.
        found = try conflict()
      }
      guard let found else { return }
      throw EtcdError.configuration(Self.sentence(found.prefix, found.owner))
    } catch {
      if case .configuration(let sentence) = error { throw .stop(.heldElsewhere, sentence) }
      throw .sink(error)
    }
  }

  static func sentence(_ prefix: String, _ owner: String) -> String {
    "The rows below /\(prefix)/ belong to the replication \"\(owner)\": set another etcd.path, "
      + "or name: \(owner) if this is the same replication"
  }
}
