// SPDX-License-Identifier: Apache-2.0
import Daemon
import Postgres
import Support
import Foundation
import Wire

/// What a real server made of `Fixtures/postgres-values/statements.sql`: types, columns, and rows with their JSON.
struct ValueCorpus {
  static let versions = ["pg-13", "pg-15", "pg-17", "pg-18"]

  var types = TypeDirectory()
  var columns: [String: [RowPlan.Column]] = [:]
  /// Lines of COPY text: the table's name, the row's columns, the JSON that `row_to_json` gave.
  var lines: [[UInt8]] = []

  init(_ version: String) throws {
    // Another folder, for a corpus that is larger than the committed one.
    let folder =
      ProcessInfo.processInfo.environment["SYNC_VALUE_CORPUS"].map { URL(filePath: $0) }
      ?? URL(filePath: Fixture.path("postgres-values"))
    func read(_ name: String) throws -> [[UInt8]] {
      let bytes = [UInt8](try Data(contentsOf: folder.appending(path: version).appending(path: name)))
      return bytes.split(separator: 0x0A, omittingEmptySubsequences: true).map { Array($0) }
    }
    var members: [UInt32: [Daemon.TypeDescription.Member]] = [:]
    for line in try read("members.tsv") {
      let fields = try texts(line)
      members[UInt32(fields[0])!, default: []].append(.init(name: fields[1], type: UInt32(fields[2])!))
    }
    for line in try read("types.tsv") {
      let fields = try texts(line)
      let oid = UInt32(fields[0])!
      let (element, base) = (UInt32(fields[3])!, UInt32(fields[4])!)
      let kind: Daemon.TypeDescription.Kind =
        switch fields[1] {
        case "d": .domain(base: base)
        case "c": .composite(members[oid] ?? [])
        default: fields[5] == "t" ? .hstore : element != 0 ? .array(element: element) : .text
        }
      types.insert(Daemon.TypeDescription(oid: oid, kind: kind, delimiter: fields[2].utf8.first!))
    }
    for line in try read("columns.tsv") {
      let fields = try texts(line)
      columns[fields[0], default: []].append(.init(name: fields[1], type: UInt32(fields[2])!))
    }
    lines = try read("rows.tsv")
  }
}

/// The fields of a line of COPY text; "\\N" for null.
func texts(_ line: [UInt8]) throws -> [String] {
  var copy = CopyTextLine()
  try copy.split(line.span.bytes)
  let base = copy.base(of: line.span.bytes)
  return (0..<copy.count).map { copy.fields[$0].isNull ? "\\N" : text(of: copy.fields[$0], base) }
}

func text(of field: FieldRange, _ base: RawSpan) -> String {
  String(decoding: base.extracting(field.offset..<(field.offset + field.length)))
}
