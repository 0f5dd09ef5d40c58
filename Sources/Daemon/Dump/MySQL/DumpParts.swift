// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

/// The statements that read one table: one, or one for each range of a large table's integer key, so that connections
/// with the same snapshot read side by side.
struct DumpParts {
  /// Below it one statement is as quick.
  static let rowsMin = 200_000
  static let partsMax = 8

  private let table: MySQL.TableDescription
  private let columns: String

  init(_ table: MySQL.TableDescription, _ plan: MySQLTablePlan) {
    self.table = table
    columns = plan.definition.columns.map {
      MySQLRowPlan.selectExpression(for: $0, quoted: SQLIdentifier($0.name).description)
    }.joined(separator: ", ")
  }

  private var whole: String { "SELECT \(columns) FROM \(table.identifier)" }

  func statements(on readers: [MySQLConnection]) throws(PipelineFailure) -> [String] {
    guard table.estimatedRows >= Self.rowsMin, readers.count > 1, let first = readers.first, let key = integerKey else {
      return [whole]
    }
    let name = SQLIdentifier(key.name)
    do throws(MySQLError) {
      let ends = try first.query(
        "SELECT MIN(\(name)), MAX(\(name)) FROM \(table.identifier)", deadline: .after(.seconds(300)))
      return ranges(of: name, from: ends.text(row: 0, column: 0), to: ends.text(row: 0, column: 1))
    } catch {
      throw .source(error)
    }
  }

  /// The first column of the primary key, by which InnoDB keeps its rows in order.
  private var integerKey: ColumnDefinition? {
    guard let name = table.definition.primaryKey.first,
      let column = table.definition.columns.first(where: { $0.name == name })
    else { return nil }
    switch column.type {
    case .tiny, .short, .int24, .long: return column
    case .longLong: return column.isUnsigned ? nil : column
    default: return nil
    }
  }

  private func ranges(of name: SQLIdentifier, from lowest: String?, to highest: String?) -> [String] {
    guard let low = lowest.flatMap({ Int64($0) }), let high = highest.flatMap({ Int64($0) }), high > low,
      let width = high.subtractingReportingOverflow(low).overflow ? nil : (high - low) / Int64(Self.partsMax),
      width > 0
    else { return [whole] }
    var bounds: [Int64] = []
    for part in 1..<Int64(Self.partsMax) { bounds.append(low + width * part) }
    let starts = [nil] + bounds.map { Optional($0) }
    let ends = bounds.map { Optional($0) } + [nil]
    return zip(starts, ends).map { start, end in
      let conditions = [start.map { "\(name) >= \($0)" }, end.map { "\(name) < \($0)" }].compactMap { $0 }
      return "\(whole) WHERE \(conditions.joined(separator: " AND "))"
    }
  }
}
