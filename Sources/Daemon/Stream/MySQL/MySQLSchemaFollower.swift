// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

/// The tables' definitions as of the place at which the log is read: DDL in the log moves them forward, each TABLE_MAP
/// is held against them.
final class MySQLSchemaFollower {
  private var history: SchemaHistory
  private let facts: ServerFacts
  private let collations: CollationDirectory
  /// Where the log was when the catalogue was read: tables that come before it are in the catalogue already.
  let lookedAt: LogPlace
  /// Where it was afterwards: tables and foreign keys are not of a later moment.
  let readBy: LogPlace
  private let policy: SchemaChangePolicy
  let isChosen: (TableReference) -> Bool
  /// The plan of a table in another shape, under the key that it has.
  private let replan: (TableDefinition, MySQLTablePlan) throws(PipelineFailure) -> MySQLTablePlan
  /// What etcd is to hold of a table, and under which key.
  private let state: (MySQLTablePlan) -> (key: [UInt8], state: MySQLTableState)
  /// By parent: the columns that foreign keys refer to, in lower case. Not of parents whose log may leave out that one
  /// of them has changed (MariaDB's generated columns).
  private let referenced: [TableReference: Set<String>]
  /// Tables whose definition the log has contradicted, with that definition.
  private let isContradictedAgain: (MySQLTablePlan) -> Bool
  let cascades: MySQLCascades
  /// Statements on foreign keys that earlier terms have met.
  let statements: ForeignKeyStatements
  var logsCascades: Bool { facts.logsCascades }

  init(
    tables: [TableDefinition], catalogue: SchemaCatalogue, facts: ServerFacts, collations: CollationDirectory,
    referenced: [TableReference: Set<String>], statements: ForeignKeyStatements, lookedAt: LogPlace,
    readBy: LogPlace, policy: SchemaChangePolicy,
    isChosen: @escaping (TableReference) -> Bool,
    replan: @escaping (TableDefinition, MySQLTablePlan) throws(PipelineFailure) -> MySQLTablePlan,
    state: @escaping (MySQLTablePlan) -> (key: [UInt8], state: MySQLTableState),
    isContradictedAgain: @escaping (MySQLTablePlan) -> Bool
  ) {
    var referenced = referenced
    for table in catalogue.tables where facts.version.flavor == .mariaDB && !table.generatedColumns.isEmpty {
      let parent = TableReference(table.name)
      let generated = table.generatedColumns.map { $0.lowercased() }
      if referenced[parent]?.isDisjoint(with: generated) == false { referenced[parent] = nil }
    }
    self.referenced = referenced
    self.isContradictedAgain = isContradictedAgain
    history = SchemaHistory(
      catalogue.tables.map(\.definition), schemaCollations: catalogue.schemaCollations, collations: collations)
    // As of the checkpoint, where that is known.
    for table in tables { history.set(table) }
    self.facts = facts
    self.collations = collations
    self.statements = statements
    self.lookedAt = lookedAt
    self.readBy = readBy
    self.policy = policy
    self.isChosen = isChosen
    self.replan = replan
    self.state = state
    cascades = facts.logsCascades ? MySQLCascades() : MySQLCascades(catalogue.tables, isChosen: isChosen)
  }

  var dumpsUnderLock: Bool { facts.version.flavor == .mysql }

  // MARK: Cascades

  /// Which changes of a table's rows others follow, without being in the log.
  func followed(_ table: TableReference, _ map: TableMap) -> MySQLCascades.Followed? {
    let changes = cascades.changesFollowed(of: table)
    if changes.isEmpty { return nil }
    return MySQLCascades.Followed(changes: changes, columns: referencedPlaces(of: table, map))
  }

  /// Places of the columns that foreign keys refer to; nil where not all of them are known.
  private func referencedPlaces(of table: TableReference, _ map: TableMap) -> [Int]? {
    let logged = map.metadata.columnNames ?? history[table.schema, table.table]?.columns.map(\.name)
    guard let names = referenced[table], let columns = logged else { return nil }
    let places = map.columns.indices.filter { $0 < columns.count && names.contains(columns[$0].lowercased()) }
    return places.count == names.count ? places : nil
  }

  // MARK: TABLE_MAP

  func agreement(of definition: TableDefinition, with map: TableMap) -> TableDefinition.Agreement {
    definition.agreement(with: map, collations: collations)
  }

  /// The definition that a dump was made by has been contradicted by the log behind that dump: again would be for ever.
  func contradict(_ plan: MySQLTablePlan, _ reason: String) throws(PipelineFailure) {
    guard isContradictedAgain(plan) else { return }
    throw .stop(
      .defect,
      "the log describes \(plan.name) otherwise than the catalogue does (\(reason)); this is a defect of Sync: please "
        + "report it with SHOW CREATE TABLE, and exclude the table meanwhile")
  }

  /// Takes the log's word for names, labels and signs.
  func adopt(
    _ definition: TableDefinition, inPlaceOf plan: MySQLTablePlan, _ applier: MySQLApplier
  ) throws(PipelineFailure) -> MySQLTablePlan {
    if definition.columns.map(\.name) != plan.definition.columns.map(\.name), policy == .redump {
      throw .redump([plan.reference], "the log names its columns otherwise than its definition")
    }
    let adopted = try replan(definition, plan)
    history.set(definition)
    applier.tables.add(adopted)
    return adopted
  }

  // MARK: DDL

  func context(of query: borrowing QueryEvent) -> StatementContext {
    StatementContext(query, facts, collations)
  }

  /// A statement that changes tables, at the place where the applier stands.
  func meet(
    _ statement: DDLStatement, _ context: StatementContext, _ applier: MySQLApplier
  ) throws(PipelineFailure) {
    let foreignKeys = foreignKeyEffect(of: statement, applier)
    // While it is altered, a table can be missing from the catalogue for a moment.
    if case .alterTable(let alter) = statement { try meetNew(TableReference(alter.table), applier) }
    var due: [TableReference] = []
    var reason = ""
    for change in history.apply(statement, context) {
      let effect = try self.effect(of: change, applier)
      if !effect.tables.isEmpty {
        due += effect.tables
        reason = effect.reason
      }
    }
    // Of tables whose dump is of a later moment the definition is known as of then.
    for plan in applier.tables.chosen where !applier.applies(plan) { history.set(plan.definition) }
    if case .removed(let tables) = foreignKeys {
      if due.isEmpty { reason = "a foreign key may have changed its rows that is no longer there" }
      due += tables.filter { !due.contains($0) }
    }
    guard due.isEmpty else { throw .redump(due, reason) }
    if case .newer(let table) = foreignKeys { throw .startOver("foreign keys of \(table.name) have changed") }
  }

  private func effect(
    of change: TableChange, _ applier: MySQLApplier
  ) throws(PipelineFailure) -> (tables: [TableReference], reason: String) {
    let tables = applier.tables
    func followed(_ name: TableName) -> MySQLTablePlan? {
      guard let plan = tables.plan(of: TableReference(name)), applier.applies(plan) else { return nil }
      return plan
    }
    switch change {
    case .truncated(let name):
      if let plan = followed(name) { applier.truncate(plan) }
      return ([], "")
    case .dropped(let name):
      return (followed(name).map { [$0.reference] } ?? [], "it was dropped")
    case .renamed(let from, let to, _):
      try meetNew(TableReference(to), applier)
      return ([from, to].compactMap { followed($0)?.reference }, "it was renamed")
    case .created(let definition):
      try meetNew(TableReference(definition.tableName), applier)
      return (followed(definition.tableName).map { [$0.reference] } ?? [], "it was made anew")
    case .altered(let from, let to, let changesRows):
      guard let plan = followed(from.tableName) else { return ([], "") }
      if changesRows { return ([plan.reference], "ALTER TABLE has changed its rows") }
      guard from.columns != to.columns || from.primaryKey != to.primaryKey else { return ([], "") }
      if policy == .redump { return ([plan.reference], "its columns have changed") }
      if from.primaryKey != to.primaryKey { return ([plan.reference], "its primary key has changed") }
      return try keep(to, plan, applier)
    case .rowsChanged(let name, let why):
      return (followed(name).map { [$0.reference] } ?? [], "the log does not have the rows of a statement: \(why)")
    case .unknown(let name, let why):
      let suspects = name.map { [followed($0)].compactMap { $0 } } ?? tables.chosen.filter(applier.applies)
      return (suspects.map(\.reference), why)
    }
  }

  /// A table that comes after the catalogue was read: the catalogue is read again.
  private func meetNew(_ table: TableReference, _ applier: MySQLApplier) throws(PipelineFailure) {
    guard isChosen(table), applier.tables.plan(of: table) == nil, let transaction = applier.transaction,
      !lookedAt.covers(transaction.name, from: transaction.begin, of: applier.complete.serverUUID)
    else { return }
    throw .startOver("\(table.name) is new")
  }

  /// `on_schema_change: keep`: rows from here on are read and written by the new definition.
  private func keep(
    _ definition: TableDefinition, _ plan: MySQLTablePlan, _ applier: MySQLApplier
  ) throws(PipelineFailure) -> (tables: [TableReference], reason: String) {
    // Its rows are under other keys now.
    guard definition.hasKeyText(of: plan.definition, key: plan.keyNames, collations) else {
      return ([plan.reference], "its key's columns have changed")
    }
    let kept = try replan(definition, plan)
    applier.tables.add(kept)
    let (stateKey, state) = state(kept)
    applier.put(state, under: stateKey)
    return ([], "")
  }
}

extension TableReference {
  init(_ name: TableName) { self.init(schema: name.schema, table: name.name) }
}
