// SPDX-License-Identifier: Apache-2.0

/// A table by its name, and by its number where the source's tables have one.
package struct TableReference: Hashable, Sendable {
  package var schema: String
  package var table: String
  /// PostgreSQL's; 0 elsewhere.
  package var oid: UInt32

  package init(schema: String, table: String, oid: UInt32 = 0) {
    self.schema = schema
    self.table = table
    self.oid = oid
  }

  package var name: String { "\(schema).\(table)" }
}
