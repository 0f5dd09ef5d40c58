// SPDX-License-Identifier: Apache-2.0
import Postgres
import Support
import Testing
import Wire

@Suite("The catalogue of real servers")
struct CatalogueTests {
  private static let schema = """
    CREATE SCHEMA "s ü";
    CREATE TABLE "s ü"."T" (b int, a text, gone int, c int GENERATED ALWAYS AS (b + 1) STORED,
      i bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (a, b) INCLUDE (i));
    ALTER TABLE "s ü"."T" DROP COLUMN gone;
    CREATE TABLE part (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
    CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (100);
    INSERT INTO part SELECT g, 'x' FROM generate_series(0, 99) g;
    CREATE TABLE parent (id int);
    CREATE TABLE child (extra int) INHERITS (parent);
    CREATE TABLE by_index (id int NOT NULL, other int NOT NULL);
    CREATE UNIQUE INDEX by_index_key ON by_index (other, id);
    ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_key;
    CREATE TABLE deferred (id int PRIMARY KEY DEFERRABLE);
    ALTER TABLE deferred REPLICA IDENTITY FULL;
    CREATE UNLOGGED TABLE unlogged (id int);
    CREATE VIEW v AS SELECT 1 AS x;
    ANALYZE part_1
    """

  @Test("tables, their columns, keys and sizes", arguments: serverNames)
  func tables(server: String) throws {
    let database = try TestPostgres.shared(server).createDatabase()
    try database.psql(Self.schema, as: "postgres")
    let connection = try database.open()
    let names = try connection.tableNames(deadline: .soon)
    #expect(names.map(\.name) == ["by_index", "child", "deferred", "parent", "part", "T"])
    let tables = try connection.tables(deadline: .soon)
    #expect(tables.map(\.oid) == names.map(\.oid))
    let quoted = try #require(tables.last)
    #expect("\(quoted.identifier)" == "\"s ü\".\"T\"")
    #expect(quoted.columns.map(\.name) == ["b", "a", "c", "i"])
    #expect(quoted.columns.map(\.number) == [1, 2, 4, 5])
    #expect(quoted.columns.map(\.generated) == [.no, .no, .stored, .no])
    #expect(quoted.columns.map(\.isIdentity) == [false, false, false, true])
    #expect(quoted.columns.map(\.isNotNull) == [true, true, false, true])
    #expect(quoted.primaryKey == ["a", "b"])
    #expect(quoted.replicaIdentity == .primaryKey)
    // Made by the superuser: ours to see, not to read.
    #expect(!quoted.maySelect && !quoted.isOwned)
    let part = tables[4]
    #expect(part.isPartitionRoot && part.estimatedRows == 100 && part.estimatedBytes == 8192)
    #expect(tables[3].hasInheritors && !tables[1].hasInheritors && !part.hasInheritors)
    #expect(tables[0].replicaIdentity == .index && tables[0].replicaIdentityIndex == ["other", "id"])
    #expect(tables[2].primaryKeyIsDeferrable && tables[2].replicaIdentity == .full)
    #expect(try connection.tables([part.oid], deadline: .soon) == [part])
    try database.psql("GRANT SELECT ON part TO sync", as: "postgres")
    #expect(try connection.tables([part.oid], deadline: .soon)[0].maySelect)
  }

  @Test("types with all that they are made of", arguments: serverNames)
  func types(server: String) throws {
    let database = try TestPostgres.shared(server).createDatabase()
    try database.psql(
      """
      CREATE TYPE mood AS ENUM ('sad', 'happy');
      CREATE DOMAIN small AS int CHECK (VALUE < 10);
      CREATE DOMAIN smalls AS small[];
      CREATE TYPE pair AS (a mood, gone int, b smalls);
      ALTER TYPE pair DROP ATTRIBUTE gone;
      CREATE TABLE t (p pair[], r int4range, b box, m mood, n numeric)
      """)
    let connection = try database.open()
    let table = try #require(try connection.tables(deadline: .soon).first)
    let types = try connection.types(table.columns.map(\.type), deadline: .soon)
    func named(_ name: String) throws -> TypeDescription { try #require(types.values.first { $0.name == name }) }
    #expect(try named("_pair").elementType == named("pair").oid)
    #expect(try named("pair").attributes.map(\.name) == ["a", "b"])
    #expect(try named("pair").attributes.map(\.type) == [named("mood").oid, named("smalls").oid])
    #expect(try named("smalls").kind == .domain && named("smalls").baseType == named("_small").oid)
    #expect(try named("small").baseType == 23 && named("mood").kind == .enumeration)
    #expect(try named("int4range").kind == .range && named("int4range").rangeSubtype == 23)
    #expect(try named("box").delimiter == UInt8(ascii: ";") && named("box").elementType == 0)
    #expect(try named("box").subscriptType == named("point").oid)
    #expect(types[23]?.schema == "pg_catalog" && types[23]?.category == UInt8(ascii: "N"))
    #expect(try connection.types([], deadline: .soon).isEmpty)
  }

  @Test("publications and who may do what", arguments: serverNames)
  func publications(server: String) throws {
    let database = try TestPostgres.shared(server).createDatabase()
    try database.psql(
      """
      CREATE TABLE t (id int PRIMARY KEY, v text);
      CREATE PUBLICATION "P" FOR TABLE t WITH (publish = 'insert, update', publish_via_partition_root)
      """)
    let connection = try database.open()
    let publication = try #require(try connection.publication("P", deadline: .soon))
    #expect(publication.tables.values.map(\.name) == ["t"] && publication.viaRoot && !publication.isForAllTables)
    #expect(publication.publishesInsert && publication.publishesUpdate)
    #expect(!publication.publishesDelete && !publication.publishesTruncate && publication.isOwned)
    #expect(try connection.publication("p", deadline: .soon) == nil)
    let facts = try connection.serverFacts(deadline: .soon)
    #expect(facts.version == connection.serverVersion && facts.walLevel == "logical")
    #expect(facts.role == "sync" && facts.roleMayReplicate && !facts.roleIsSuperuser && facts.roleMayCreate)
    #expect(facts.replicationSlotsMax > 0 && facts.walSendersMax > 0 && !facts.isInRecovery)
  }

  @Test("who blocks a new slot")
  func blockers() throws {
    let database = try TestPostgres.shared().createDatabase()
    try database.psql("CREATE TABLE t (id int)")
    let loop = try PollLoop()
    let writer = try database.open(loop: loop)
    try writer.query("BEGIN; INSERT INTO t VALUES (1)", deadline: .soon)
    let blocking = try database.open(loop: loop).transactionsBlockingSlots(deadline: .soon)
    #expect(blocking.contains { $0.pid == writer.serverProcessID && $0.role == "sync" })
  }
}
