// SPDX-License-Identifier: Apache-2.0
internal import Etcd
package import MySQL
package import Wire

/// Everything about one table of MySQL or MariaDB that its rows share: `RowPlan` for the other driver.
///
/// Rows come in three forms, and the same row gives the same bytes from each. It has buffers of its own, so it belongs
/// to one thread.
package final class MySQLRowPlan {
  package enum Form: Sendable {
    /// As in a rows event's image.
    case log
    /// As in a row of the binary protocol, of columns selected with `selectExpression`, in a session with
    /// `character_set_results = utf8mb4`, `time_zone = '+00:00'` and no PAD_CHAR_TO_FULL_LENGTH in its `sql_mode`.
    case result
    /// A literal of a dump file (mysqldump --hex-blob --tz-utc, character set utf8mb4) without its quotes and escapes;
    /// hexadecimal literals as bytes.
    case literal
  }

  /// The table's name, for errors.
  package let table: String
  /// What a row consists of, in the order of its fields.
  package let columns: [ColumnDefinition]
  /// Indices of the key columns, in key order.
  package let key: [Int]
  /// Everything before a row's key columns, `/` at its end included.
  package let keyPrefix: [UInt8]

  let plans: [MySQLColumnPlan]
  let literals: MemberLiterals
  /// All columns' labels, one after the other, each where the one before ends.
  let labels: [UInt8]
  let labelEnds: [Int]
  let characterSets: CharacterSets
  let digest: TextDigest
  /// A text before it is escaped or hashed; one before it is escaped for the key; one in UTF-8 before it is JSON.
  var text = ByteWriter()
  var keyText = ByteWriter()
  var jsonText = ByteWriter()
  /// Bytes with the zeros that the log leaves away.
  var padded = ByteWriter()
  let unpacking = ColumnUnpacking()

  package init(
    table: String, columns: [ColumnDefinition], treatments: [RowPlan.Column.Treatment], key: [Int], keyPrefix: [UInt8],
    options: ValueOptions, characterSets: CharacterSets,
    digest: @escaping TextDigest = { $1.append(hexSHA256Of: $0) }
  ) throws(RowPlanError) {
    precondition(key.allSatisfy(columns.indices.contains) && treatments.count == columns.count)
    var plans: [MySQLColumnPlan] = []
    var literals = MemberLiterals()
    var labels: [UInt8] = []
    var labelEnds = [0]
    for (column, treatment) in zip(columns, treatments) {
      var plan = try MySQLColumnPlan(column, options, characterSets)
      plan.labels = Int32(labelEnds.count - 1)
      for label in column.labels {
        labels += label.utf8
        labelEnds.append(labels.count)
      }
      switch treatment {
      case .include: break
      case .exclude: plan.treatment = .exclude
      case .hash: plan.hash()
      }
      if treatment != .exclude { plan.literalPlace = literals.add(column.name) }
      plans.append(plan)
    }
    self.table = table
    self.columns = columns
    self.key = key
    self.keyPrefix = keyPrefix
    self.plans = plans
    self.literals = literals
    self.labels = labels
    self.labelEnds = labelEnds
    self.characterSets = characterSets
    self.digest = digest
  }

  /// Writes the row's JSON object. `holes` becomes the members that the log leaves out or carries as differences, in
  /// column order.
  package func appendValue(
    _ fields: Span<RowField>, _ base: RawSpan, form: Form, into out: inout ByteWriter, holes: inout [ValueHole]
  ) throws(RowError) {
    let plans = self.plans
    let literals = self.literals.bytes
    let start = out.count
    if !holes.isEmpty { holes.removeAll(keepingCapacity: true) }
    guard fields.count == plans.count else {
      throw RowError(table: table, column: "", reason: .fields(count: fields.count, expected: plans.count))
    }
    for index in 0..<fields.count {
      if plans[index].treatment == .exclude { continue }
      let field = fields[index]
      unsafe out.append(literal: literals.span.bytes, plans[index].literalPlace)
      if field.kind == .value {
        do throws(WireError) {
          try append(base.bytes(of: field), plans[index], form, into: &out)
        } catch {
          throw failure(error, column: index)
        }
      } else {
        if field.kind != .null { holes.append(ValueHole(column: index, offset: out.count - start)) }
        out.append("null" as StaticString)
      }
    }
    if !self.literals.hasMembers { out.append(0x7B as UInt8) }
    out.append(0x7D as UInt8)
  }

  /// Writes the row's key: the prefix and the key columns' texts, escaped and joined by `/`.
  package func appendKey(
    _ fields: Span<RowField>, _ base: RawSpan, form: Form, into out: inout ByteWriter
  ) throws(RowError) {
    guard fields.count == plans.count else {
      throw RowError(table: table, column: "", reason: .fields(count: fields.count, expected: plans.count))
    }
    out.append(keyPrefix)
    var isFirst = true
    for index in key {
      if isFirst { isFirst = false } else { out.append(0x2F as UInt8) }
      let field = fields[index]
      guard field.kind == .value else {
        throw RowError(
          table: table, column: columns[index].name, reason: field.kind == .null ? .nullInKey : .unchangedInKey)
      }
      do throws(WireError) {
        try appendComponent(base.bytes(of: field), plans[index], form, into: &out)
      } catch {
        throw failure(error, column: index)
      }
    }
  }

  /// Writes `value` with its holes filled from `earlier`: as `RowPlan.splice`.
  package func splice(
    _ value: RawSpan, _ holes: Span<ValueHole>, over earlier: RawSpan, _ earlierHoles: Span<ValueHole>,
    into out: inout ByteWriter, unresolved: inout [ValueHole], changes: ValueChanges? = nil
  ) throws(WireError) {
    let plans = self.plans
    try literals.splice(
      value, holes, over: earlier, earlierHoles, into: &out, unresolved: &unresolved, changes: changes,
      name: { plans[$0].literalPlace.name })
  }

  /// Whether a column's member is its document, to which differences can be applied. A hashed one is not: its document
  /// must be had whole.
  package func holdsDocument(_ column: Int) -> Bool {
    plans[column].treatment == .include && plans[column].log == .binaryJSON
  }

  /// An error with the column's name; one that only lacks the server's answer becomes the question.
  private func failure(_ error: WireError, column: Int) -> RowError {
    let name = columns[column].name
    if let request = characterSets.takeMissing() {
      return RowError(table: table, column: name, reason: .characters(request))
    }
    return RowError(table: table, column: name, reason: .value(error))
  }
}
