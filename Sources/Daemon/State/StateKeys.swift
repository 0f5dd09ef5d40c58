// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// Where this replication keeps its state in etcd: `/{state_path}/{name}/…`, and the mark of who owns a prefix.
package struct StateKeys: Sendable {
  package let base: String
  private let statePath: String
  package let ownerBase: String
  package let rowsPrefix: RowsPrefix

  package init(statePath: String, name: String, rowsPrefix: RowsPrefix) {
    self.statePath = statePath
    base = "/\(statePath)/\(name)/"
    ownerBase = "/\(statePath)/owner/"
    self.rowsPrefix = rowsPrefix
  }

  package var checkpoint: [UInt8] { Array((base + "checkpoint").utf8) }
  /// The checkpoint of another replication.
  func checkpoint(ofReplication other: String) -> [UInt8] { Array("/\(statePath)/\(other)/checkpoint".utf8) }
  /// The one key of the election: whoever creates it leads, until its lease ends.
  package var leader: [UInt8] { Array((base + "leader/holder").utf8) }
  package var tables: [UInt8] { Array((base + "tables/").utf8) }
  package var owner: [UInt8] { Array((ownerBase + rowsPrefix.name).utf8) }
  package var owners: [UInt8] { Array(ownerBase.utf8) }

  /// The state of one table.
  package func table(schema: String, name: String) -> [UInt8] {
    var key = ByteWriter(capacity: tables.count + schema.utf8.count + name.utf8.count + 1)
    key.append(tables)
    unsafe key.append(keyComponent: schema.utf8.span.bytes)
    key.append(UInt8(ascii: "/"))
    unsafe key.append(keyComponent: name.utf8.span.bytes)
    return key.bytes.array
  }
}
