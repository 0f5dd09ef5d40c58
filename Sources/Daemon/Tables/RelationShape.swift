// SPDX-License-Identifier: Apache-2.0
internal import Postgres
internal import Wire

/// A table's name and columns, as far as its rows depend on them. The log's Relation message and the catalogue give the
/// same shape for the same table.
struct RelationShape: Equatable {
  struct Column: Equatable {
    var name: String
    var type: UInt32
  }

  var oid: UInt32
  var schema: String
  var table: String
  var columns: [Column]

  var name: String { "\(schema).\(table)" }

  init(oid: UInt32, schema: String, table: String, columns: [Column]) {
    self.oid = oid
    self.schema = schema
    self.table = table
    self.columns = columns
  }

  init(_ relation: borrowing LogicalMessage.Relation) throws(WireError) {
    oid = relation.oid
    let namespace = String(decoding: relation.namespace)
    // "Namespace (empty string for pg_catalog)."
    schema = namespace.isEmpty ? "pg_catalog" : namespace
    table = String(decoding: relation.relationName)
    columns = try relation.columns().map { Column(name: $0.name, type: $0.type) }
  }

  /// One line for each column, for the state in etcd.
  var fingerprint: [String] { columns.map { "\($0.name) \($0.type)" } }
}
