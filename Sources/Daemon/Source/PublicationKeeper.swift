// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Postgres
internal import Wire

/// Makes the publication and keeps it in step with the chosen tables: exactly those, never FOR ALL TABLES, because
/// publishing a table without a replica identity makes the application's updates of it fail.
struct PublicationKeeper {
  let name: String
  /// `database.postgres.create_publication`
  let mayChange: Bool
  let log: Logger

  init(_ configuration: PostgresConfiguration, log: Logger) {
    name = configuration.publication
    mayChange = configuration.createPublication
    self.log = log
  }

  /// The statements that bring the publication in step with these tables; empty if it is.
  func statements(
    for tables: [ChosenTable], present: PublicationDescription?, serverVersion: Int
  ) -> [String] {
    let identifier = SQLIdentifier(name)
    guard let present else {
      let list = tables.map(\.description.identifier.description).joined(separator: ", ")
      let generated = serverVersion >= 180_000 ? ", publish_generated_columns = stored" : ""
      return [
        "CREATE PUBLICATION \(identifier)\(list.isEmpty ? "" : " FOR TABLE \(list)") WITH "
          + "(publish = 'insert, update, delete, truncate', publish_via_partition_root = true\(generated))"
      ]
    }
    var statements: [String] = []
    let publishesAll =
      present.publishesInsert && present.publishesUpdate && present.publishesDelete
      && present.publishesTruncate
    if !publishesAll || !present.viaRoot {
      statements.append(
        "ALTER PUBLICATION \(identifier) SET "
          + "(publish = 'insert, update, delete, truncate', publish_via_partition_root = true)")
    }
    guard !present.isForAllTables else { return statements }
    let wanted = Set(tables.map(\.description.oid))
    let removed = present.tables.values.filter { !wanted.contains($0.oid) || !$0.isWhole }
      .map { SQLIdentifier($0.schema, $0.name).description }.sorted()
    let missing = tables.filter { !present.carries($0.description) }.map(\.description.identifier.description)
    if !removed.isEmpty {
      statements.append("ALTER PUBLICATION \(identifier) DROP TABLE \(removed.joined(separator: ", "))")
    }
    if !missing.isEmpty {
      statements.append("ALTER PUBLICATION \(identifier) ADD TABLE \(missing.joined(separator: ", "))")
    }
    return statements
  }

  /// Leaves out the tables that it does not carry and that we cannot add to it.
  func publishable(
    _ tables: [ChosenTable], present: PublicationDescription?, role: String, serverVersion: Int
  ) -> (tables: [ChosenTable], problems: [TableProblem]) {
    let needed = statements(for: tables, present: present, serverVersion: serverVersion).filter { !Self.isRemoval($0) }
    let typed = needed.map { $0 + ";" }.joined(separator: " ")
    return tables.examined { (table) throws(TableProblem) in
      let description = table.description
      if present?.carries(description) == true { return table }
      if mayChange, !description.isOwned {
        throw TableProblem(
          reference: table.reference, text: "the role \(role) does not own \(table.name) and so cannot publish it",
          mend: "ALTER TABLE \(description.identifier) OWNER TO \(SQLIdentifier(role)); or, as its owner: \(typed)")
      }
      if !mayChange, present != nil {
        throw TableProblem(
          reference: table.reference,
          text: "the publication \(name) does not carry \(table.name) and "
            + "database.postgres.create_publication is false",
          mend: typed)
      }
      return table
    }
  }

  /// Brings it in step, or says what is to be typed. True if something was changed.
  func keep(
    _ tables: [ChosenTable], on connection: PostgresConnection, deadline: Deadline
  ) throws(PipelineFailure) -> Bool {
    do throws(PostgresError) {
      let present = try connection.publication(name, deadline: deadline)
      let statements = statements(for: tables, present: present, serverVersion: connection.serverVersion)
      if statements.isEmpty { return false }
      guard mayChange else {
        try demand(statements, present: present)
        return false
      }
      for statement in statements {
        log.notice("publication brought in step", metadata: ["statement": "\(statement)"])
        try connection.query(statement, deadline: deadline)
      }
      return true
    } catch {
      throw .source(error)
    }
  }

  /// With `create_publication: false` only what is missing counts: other tables may be published for others.
  private func demand(_ statements: [String], present: PublicationDescription?) throws(PostgresError) {
    let needed = statements.filter { !Self.isRemoval($0) }
    guard !needed.isEmpty else { return }
    throw PostgresError(
      .refused(
        "the publication \(name) does not carry the chosen tables and database.postgres.create_publication is false; "
          + "type: \(needed.joined(separator: "; "));"),
      peer: "the source")
  }

  private static func isRemoval(_ statement: String) -> Bool { statement.contains(" DROP TABLE ") }
}

extension PublicationDescription {
  /// All rows and columns of it.
  func carries(_ table: TableDescription) -> Bool {
    isForAllTables || schemas.contains(table.schema) || tables[table.oid]?.isWhole == true
  }

  static let partMark = " in part"

  /// By which entry of which publication a table's changes come, the publication's version (for a moment it may have
  /// published less), and a mark if not all of the table's changes do.
  func numbers(of table: UInt32) -> String {
    let entry = tables[table].map { String($0.entry) } ?? "all"
    let isWhole = publishesInsert && publishesUpdate && publishesDelete && publishesTruncate && viaRoot
    return "\(oid)/\(entry)/\(version)\(isWhole ? "" : Self.partMark)"
  }
}

extension PublicationDescription.Table {
  /// It is published without a list of columns and without a filter of rows.
  fileprivate var isWhole: Bool { columns.isEmpty && !hasRowFilter }
}
