// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import MySQL
internal import Wire

// Statements: the ends of transactions, DDL, and changes that the log does not carry as rows.
extension MySQLApplier {
  func statement(_ query: borrowing QueryEvent, _ header: EventHeader) throws(PipelineFailure) -> BinlogFlow {
    if query.statement.isEqual(to: "BEGIN") {
      if transaction == nil {
        let position = BinlogFilePosition(file: file, offset: header.position)
        begin(.anonymous(position), at: position)
      }
      transaction?.hasBegun = true
      return .more
    }
    if query.statement.isEqual(to: "COMMIT") { return try endTransaction(at: header.endPosition) }
    if transaction == nil {
      let position = BinlogFilePosition(file: file, offset: header.position)
      begin(.anonymous(position), at: position)
    }
    let context = schema.context(of: query)
    let statement = DDLStatement(parsing: query.statement.array, context)
    if case .transaction(let control) = statement { return try self.control(control, header) }
    try change(statement, context, query)
    if transaction?.hasBegun == true { return .more }
    return try endTransaction(at: header.endPosition)
  }

  private func control(_ statement: TransactionStatement, _ header: EventHeader) throws(PipelineFailure) -> BinlogFlow {
    switch statement {
    case .begin: transaction?.hasBegun = true
    case .commit: return try endTransaction(at: header.endPosition)
    case .rollback:
      transaction?.isUndoneInPart = true
      return try endTransaction(at: header.endPosition)
    case .rollbackTo: transaction?.isUndoneInPart = true
    case .savepoint, .releaseSavepoint, .xaEnd: break
    case .xaStart:
      transaction?.hasBegun = true
      isDistributed = true
    case .xaPrepare: break
    case .xaCommit(let xid, _): return try commitPrepared(xid.logText, header)
    case .xaRollback(let xid):
      forgetPrepared(xid.logText)
      return try endTransaction(at: header.endPosition)
    }
    return .more
  }

  private func change(
    _ statement: DDLStatement, _ context: StatementContext, _ query: borrowing QueryEvent
  ) throws(PipelineFailure) {
    switch statement {
    case .irrelevant, .transaction: return
    case .rows(let names):
      let suspects = suspects(names, schema: String(decoding: query.schema))
      if !suspects.isEmpty {
        throw .redump(suspects, "the log has a change of rows as a statement (binlog_format is not ROW)")
      }
    case .unknown(let keyword):
      let suspects = suspects(nil, schema: String(decoding: query.schema))
      if !suspects.isEmpty { throw .redump(suspects, "the log has a statement that is not understood: \(keyword)") }
    case .createTable, .alterTable, .renameTables, .dropTables, .truncateTable, .createSchema, .alterSchema,
      .dropSchema:
      try schema.meet(statement, context, self)
    }
  }

  /// The tables for which the log counts here, of the schemas that are named: a trigger may have changed others than
  /// the statement does. Where none is named, all.
  private func suspects(_ names: [TableName]?, schema: String) -> [TableReference] {
    var schemas = Set((names ?? []).map(\.schema))
    if names == nil, !schema.isEmpty { schemas.insert(schema) }
    return tables.chosen.filter { plan in
      (schemas.isEmpty || schemas.contains(plan.reference.schema)) && applies(plan)
    }.map(\.reference)
  }

  /// The table's rows are gone.
  func truncate(_ plan: MySQLTablePlan) {
    rowsEvents += 1
    ordinal = rowsEvents * Self.rowsEventStride
    guard isDue else { return }
    beginChange()
    batch.delete(prefix: plan.rows.keyPrefix)
  }

  /// What etcd holds of the table is written with the statement that has changed it.
  func put(_ state: MySQLTableState, under key: [UInt8]) {
    rowsEvents += 1
    ordinal = rowsEvents * Self.rowsEventStride
    guard isDue else { return }
    let value = state.encoded()
    beginChange()
    _ = batch.put(
      bytesMax: TransactionBatch.operationBytesMax, key: { $0.append(key) }, value: { $0.append(value) })
  }
}

extension TransactionStatement.XID {
  /// As an XA PREPARE in the log is called.
  fileprivate var logText: String {
    XAIdentifier(format: UInt32(truncatingIfNeeded: format), global: global, branch: branch).description
  }
}
