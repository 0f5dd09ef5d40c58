// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// What an enum or a composite consists of at the moment. Such a type can be altered under the rows that use it: they
/// read differently then, and no row is touched.
public struct TypeContents: Hashable, Sendable {
  public var type: UInt32
  public var isEnumeration: Bool
  /// Labels in the order in which they were added, or attributes in order, each with what it is known by.
  public var members: [String]

  public init(type: UInt32, isEnumeration: Bool, members: [String]) {
    self.type = type
    self.isEnumeration = isEnumeration
    self.members = members
  }
}

extension PostgresConnection {
  /// Of each type that a column of these tables has: what the types consist of that it is made of.
  func typeContents(
    ofTables chosen: String, deadline: Deadline
  ) throws(PostgresError) -> [UInt32: [TypeContents]] {
    // Types below 16384 come with the server, and are never altered.
    let text = """
      WITH RECURSIVE used(root, oid) AS (
        SELECT DISTINCT a.atttypid, a.atttypid FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384 AND \(Self.isTable) AND \(chosen)
        UNION
        SELECT u.root, part.oid FROM used u JOIN pg_catalog.pg_type t ON t.oid = u.oid
        CROSS JOIN LATERAL (\(partsOfType)) part(oid) WHERE part.oid >= 16384
      )
      SELECT u.root, u.oid, true, e.oid::bigint, e.oid || ' ' || e.enumlabel
      FROM used u JOIN pg_catalog.pg_enum e ON e.enumtypid = u.oid
      UNION ALL
      SELECT u.root, u.oid, false, a.attnum::bigint, a.attnum || ' ' || a.atttypid || ' ' || a.attname
      FROM used u JOIN pg_catalog.pg_type t ON t.oid = u.oid JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid
      WHERE a.attnum > 0 AND NOT a.attisdropped
      ORDER BY 1, 2, 4
      """
    var contents: [UInt32: [TypeContents]] = [:]
    let all = try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in
      let root: UInt32 = try row.number()
      let type: UInt32 = try row.number()
      let isEnumeration = try row.flag()
      _ = try row.text()
      return (root, TypeContents(type: type, isEnumeration: isEnumeration, members: [try row.text()]))
    }
    for (root, member) in all {
      var known = contents.removeValue(forKey: root) ?? []
      if let last = known.indices.last, known[last].type == member.type {
        known[last].members += member.members
      } else {
        known.append(member)
      }
      contents[root] = known
    }
    return contents
  }
}
