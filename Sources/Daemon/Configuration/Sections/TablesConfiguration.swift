// SPDX-License-Identifier: Apache-2.0

/// Which tables and columns are copied, and what names a row.
package struct TablesConfiguration: Sendable, Equatable {
  package var selection = TableSelection()
  package var withoutKey = MissingKeyPolicy.fail
  package var onSchemaChange = SchemaChangePolicy.redump
}

/// A chosen table with no primary key, no replica identity index and no entry in `tables.keys`.
package enum MissingKeyPolicy: String, Sendable, CaseIterable {
  case fail
  case skip
}

/// What a change of columns does to rows already in etcd.
package enum SchemaChangePolicy: String, Sendable, CaseIterable {
  case redump
  case keep
}
