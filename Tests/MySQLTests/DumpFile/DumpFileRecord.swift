// SPDX-License-Identifier: Apache-2.0
import MySQL
import Wire

/// Writes down what a dump file holds: definitions by name, rows as upper-case hexadecimal, as the expected texts do.
struct DumpFileRecord: DumpFileSink, Equatable {
  enum Failure: Error { case refused }

  var definitions: [String] = []
  var tables: [DumpFileTable] = []
  var rows: [String] = []
  var unwanted: Set<String> = []
  /// Pauses after each row of which this holds.
  var pausesAfterEachRow = false
  var refusesRow: Int?

  mutating func define(schema: String, table: String, statement: RawSpan) {
    definitions.append("\(schema).\(table)")
    // Whole: from the first word to the options behind the last parenthesis.
    precondition(String(decoding: statement).hasPrefix("CREATE TABLE"))
  }

  mutating func begin(_ table: DumpFileTable) -> Bool {
    tables.append(table)
    return !unwanted.contains(table.name)
  }

  mutating func receive(_ fields: Span<RowField>, _ row: RawSpan) throws(Failure) -> Flow {
    if refusesRow == rows.count { throw .refused }
    var line = tables.last.map { "\($0.schema).\($0.name)" } ?? ""
    for index in fields.indices {
      let field = fields[index]
      let start = Int(field.offset)
      line += " "
      if field.kind == .null {
        line += "NULL"
      } else {
        line += String(hex: row.extracting(start..<(start + Int(field.length))).array).uppercased()
      }
    }
    rows.append(line)
    return pausesAfterEachRow ? .pause : .more
  }
}
