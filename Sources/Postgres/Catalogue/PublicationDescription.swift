// SPDX-License-Identifier: Apache-2.0
public import Wire

/// A publication and what it is made of.
public struct PublicationDescription: Equatable, Sendable {
  public struct Table: Equatable, Sendable {
    public var oid: UInt32
    public var schema: String
    public var name: String
    /// Only these columns; empty: all (15 and later).
    public var columns: [Int16]
    /// Only the rows that pass a filter (15 and later).
    public var hasRowFilter: Bool
    /// The entry's own number: another one once the table was taken out and added again.
    public var entry: UInt32 = 0
  }

  public var oid: UInt32
  public var name: String
  /// Of its row in `pg_publication` (`xmin`): another one after ALTER PUBLICATION SET (…) and OWNER TO.
  public var version: UInt32 = 0
  /// FOR ALL TABLES.
  public var isForAllTables: Bool
  /// FOR TABLES IN SCHEMA (15 and later).
  public var schemas: [String]
  public var publishesInsert: Bool
  public var publishesUpdate: Bool
  public var publishesDelete: Bool
  public var publishesTruncate: Bool
  /// `publish_via_partition_root`.
  public var viaRoot: Bool
  /// `publish_generated_columns = stored` (18 and later).
  public var publishesGeneratedColumns: Bool
  /// The tables that were added by name, by their OIDs.
  public var tables: [UInt32: Table]
  /// The role owns it, or is a member of the owner: needed to change it.
  public var isOwned: Bool
}

extension PostgresConnection {
  /// The publication of that name, nil if there is none.
  public func publication(
    _ name: String, deadline: Deadline
  ) throws(PostgresError) -> PublicationDescription? {
    let generated = serverVersion >= 180_000 ? "p.pubgencols = 's'" : "false"
    let text = """
      SELECT p.oid, p.pubname, p.xmin, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate,
        p.pubviaroot, \(generated), pg_catalog.pg_has_role(p.pubowner, 'USAGE')
      FROM pg_catalog.pg_publication p WHERE p.pubname = \(SQLLiteral(name))
      """
    let found = try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in
      PublicationDescription(
        oid: try row.number(), name: try row.text(), version: try row.number(), isForAllTables: try row.flag(),
        schemas: [],
        publishesInsert: try row.flag(), publishesUpdate: try row.flag(), publishesDelete: try row.flag(),
        publishesTruncate: try row.flag(), viaRoot: try row.flag(), publishesGeneratedColumns: try row.flag(),
        tables: [:], isOwned: try row.flag())
    }
    guard var publication = found.first else { return nil }
    publication.tables = Dictionary(
      try publishedTables(publication.oid, deadline: deadline).map { ($0.oid, $0) }, uniquingKeysWith: { $1 })
    if serverVersion >= 150_000 {
      publication.schemas = try publishedSchemas(publication.oid, deadline: deadline)
    }
    return publication
  }

  private func publishedTables(
    _ publication: UInt32, deadline: Deadline
  ) throws(PostgresError) -> [PublicationDescription.Table] {
    let lists =
      serverVersion >= 150_000
      ? "pg_catalog.array_to_string(r.prattrs::int2[], ','), r.prqual IS NOT NULL" : "NULL, false"
    let text = """
      SELECT c.oid, n.nspname, c.relname, \(lists), r.oid FROM pg_catalog.pg_publication_rel r
      JOIN pg_catalog.pg_class c ON c.oid = r.prrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE r.prpubid = \(publication)
      """
    return try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in
      PublicationDescription.Table(
        oid: try row.number(), schema: try row.text(), name: try row.text(), columns: try row.numbers(),
        hasRowFilter: try row.flag(), entry: try row.number())
    }
  }

  private func publishedSchemas(_ publication: UInt32, deadline: Deadline) throws(PostgresError) -> [String] {
    let text = """
      SELECT n.nspname FROM pg_catalog.pg_publication_namespace p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pnnspid WHERE p.pnpubid = \(publication) ORDER BY 1
      """
    return try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in try row.text() }
  }
}
