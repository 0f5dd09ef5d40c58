// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// Why there is no going on from what etcd holds in the checkpoint's place, and what to type.
struct UnusableCheckpoint: Error {
  let text: String
  let mend: String
}

extension Configuration {
  /// Reads the checkpoint of this replication.
  func checkpoint(decoding value: [UInt8], of keys: StateKeys) throws(UnusableCheckpoint) -> Checkpoint {
    let key = String(decoding: keys.checkpoint, as: UTF8.self)
    let checkpoint: Checkpoint
    do throws(WireError) {
      checkpoint = try Checkpoint(decoding: value)
    } catch {
      throw UnusableCheckpoint(
        text: "\(key) is not a checkpoint of this version of Sync (\(error))",
        mend: "etcdctl del \(key), or name: another_name")
    }
    let position = checkpoint.position
    guard position.driver == database.driver else {
      throw UnusableCheckpoint(
        text: "\(key) is of a \(position.source) source",
        mend: "name: another_name, or database: {driver: \(position.driver.rawValue)}")
    }
    return checkpoint
  }
}
