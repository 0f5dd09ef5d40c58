// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

// Tables that our account may not read, or not any more. The catalogue hides them, or columns of them, so they are left
// out until they can be read in whole; no event of the log tells of every GRANT (roles), so they are tried.
extension MySQLReplicator {
  /// What becomes of a term that met this error while it wanted to read these tables: those that are refused to us are
  /// left out from the next one on.
  func refusal(
    _ error: MySQLError, of tables: [TableReference], _ connection: MySQLConnection
  ) -> PipelineFailure {
    guard error.isTableDenied else { return .source(error) }
    do throws(MySQLError) {
      var refused: [TableReference] = []
      for table in tables {
        guard let error = try denial(of: table, connection) else { continue }
        denied[table] = try problem(table, error, connection)
        refused.append(table)
      }
      // The privilege that is missing may be another one.
      return refused.isEmpty ? .source(error) : .startOver("\(refused[0].name) may not be read")
    } catch {
      return .source(error)
    }
  }

  /// What stands in the way of tables that were refused to us, if it still does.
  func deniedTables(_ connection: MySQLConnection) throws(MySQLError) -> [TableProblem] {
    for table in denied.keys where try denial(of: table, connection) == nil { denied[table] = nil }
    return denied.values.filter { configuration.chooses($0.reference) }.sorted { $0.table < $1.table }
  }

  /// A table that can be read again begins a new term.
  func lookForGrants(_ connection: MySQLConnection) throws(PipelineFailure) {
    for table in denied.keys {
      let isReadable: Bool
      do throws(MySQLError) {
        isReadable = try denial(of: table, connection) == nil
      } catch {
        throw .source(error)
      }
      if isReadable { throw .startOver("\(table.name) can be read again") }
    }
  }

  private func denial(of table: TableReference, _ connection: MySQLConnection) throws(MySQLError) -> MySQLError? {
    do throws(MySQLError) {
      try connection.readNothing(of: table, deadline: queryDeadline)
      return nil
    } catch {
      if error.isAbsence { return nil }
      guard error.isTableDenied else { throw error }
      return error
    }
  }

  private func problem(
    _ table: TableReference, _ error: MySQLError, _ connection: MySQLConnection
  ) throws(MySQLError) -> TableProblem {
    let account = try connection.account(deadline: queryDeadline)
    return TableProblem(
      reference: table, text: "\(account) may not read \(table.name): \(error.server?.message ?? "")",
      mend: "GRANT SELECT ON \(SQLIdentifier(table.schema, table.table)) TO \(account);")
  }
}
