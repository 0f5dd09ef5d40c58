// SPDX-License-Identifier: Apache-2.0
import Daemon
import Testing
import Wire

/// Every row of a real server's corpus, byte for byte what `row_to_json` gave.
@Suite struct ValueCorpusTests {
  @Test(arguments: ValueCorpus.versions)
  func S18everyRowIsWhatTheServerPrints(_ version: String) throws {
    let corpus = try ValueCorpus(version)
    var plans: [String: RowPlan] = [:]
    for (table, columns) in corpus.columns {
      let plan = try RowPlan(
        table: table, columns: columns.map { asPrinted($0, corpus.types) }, key: [], keyPrefix: [], types: corpus.types,
        options: ValueOptions())
      plans[table] = plan
    }
    var copy = CopyTextLine()
    var value = ByteWriter()
    var holes: [ValueHole] = []
    var differences = 0
    for line in corpus.lines {
      try copy.split(line.span.bytes)
      let base = copy.base(of: line.span.bytes)
      let fields = copy.fields
      let table = text(of: fields[0], base)
      let expected = text(of: fields[fields.count - 1], base)
      let plan = try #require(plans[table], "table \(table)")
      value.clear()
      try plan.appendValue(
        fields.extracting(1..<(fields.count - 1)), base, into: &value, holes: &holes)
      let actual = String(decoding: value.bytes)
      if Array(actual.utf8) != Array(expected.utf8) {
        differences += 1
        if differences < 20 { Issue.record("\(table): \(actual) is not \(expected)") }
      }
    }
    #expect(differences == 0)
    #expect(holes.isEmpty)
    #expect(corpus.lines.count > 300)
  }
}

/// bytea columns follow `sync.binary` and not the server; here they are compared as the text that the server prints.
private func asPrinted(_ column: RowPlan.Column, _ types: TypeDirectory) -> RowPlan.Column {
  let isBytea = column.type == 17 || types[column.type]?.kind == .domain(base: 17)
  return isBytea ? RowPlan.Column(name: column.name, type: 25) : column
}
