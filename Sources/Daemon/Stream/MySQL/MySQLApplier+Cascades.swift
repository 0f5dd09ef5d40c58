// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

// Cascades are the engine's: MariaDB and MySQL before 9 do not log the rows that follow those of a parent. (MySQL 9
// does, and says so with a flag.)
extension MySQLApplier {
  /// Notes whether these rows of a parent make others change.
  func note(
    _ event: borrowing RowsEvent, _ mapped: MySQLTables.Mapped, _ followed: MySQLCascades.Followed
  ) throws(PipelineFailure) {
    if event.flags.contains(.useSQLForeignKey) || event.flags.contains(.noForeignKeyChecks) { return }
    let change: MySQLCascades.Change
    switch event.kind {
    case .insert: return
    case .delete: change = .delete
    case .update, .partialUpdate: change = .update
    }
    guard followed.changes.contains(change), followedChanges[mapped.reference]?.contains(change) != true else { return }
    if change == .update, let columns = followed.columns, try !changes(columns, event, mapped) { return }
    followedChanges[mapped.reference, default: []].insert(change)
  }

  /// Whether an update of these rows changes one of these columns.
  private func changes(
    _ columns: [Int], _ event: borrowing RowsEvent, _ mapped: MySQLTables.Mapped
  ) throws(PipelineFailure) -> Bool {
    var offset = 0
    var before: [RowField] = []
    var after: [RowField] = []
    while offset < event.rows.byteCount {
      let start = offset
      do throws(WireError) {
        try mapped.layout.index(event.rows, at: &offset, present: event.present, into: &before)
        try mapped.layout.index(
          event.rows, at: &offset, present: event.presentAfter, isPartial: event.kind == .partialUpdate, into: &after)
      } catch {
        throw .sourceViolation("rows of \(mapped.reference.name): \(error)")
      }
      guard offset > start else { return false }
      for column in columns where Self.isChanged(before[column], after[column], event.rows) { return true }
    }
    return false
  }

  private static func isChanged(_ before: RowField, _ after: RowField, _ rows: RawSpan) -> Bool {
    switch (before.kind, after.kind) {
    // No row refers to NULL, and what the image after leaves out has not changed.
    case (.null, _), (_, .absent): false
    case (.value, .value): !rows.extracting(before.range).isEqual(to: rows.extracting(after.range))
    // To NULL; or `binlog_row_image` leaves out what it was.
    default: true
    }
  }

  /// The statement is over.
  func endCascade() throws(PipelineFailure) {
    if followedChanges.isEmpty { return }
    let followers = schema.cascades.followers(of: followedChanges)
    followedChanges.removeAll()
    let plans = tables.chosen.filter { followers.contains($0.reference) }
    if isDistributed, !isReplaying {
      // Nothing has happened yet: its rows, though they may be of no chosen table, are read again when it commits.
      for plan in plans { touch(plan) }
      return
    }
    let due = plans.filter(applies)
    guard due.isEmpty else {
      throw .redump(due.map(\.reference), "a foreign key has changed its rows, which this server's log does not carry")
    }
  }
}
