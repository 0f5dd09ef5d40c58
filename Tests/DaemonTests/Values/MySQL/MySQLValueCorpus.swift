// SPDX-License-Identifier: Apache-2.0
import Daemon
import MySQL
import Support
import Wire

/// A line of `Fixtures/mysql-values`: one value in the three forms, and its JSON.
struct MySQLValueLine {
  var declaration: String
  var column: ColumnDefinition
  var log: [UInt8]?
  var result: [UInt8]?
  var literal: [UInt8]?
  var expected: String

  init(_ line: Substring) throws {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
    func bytes(_ text: Substring) throws -> [UInt8]? { text == "NULL" ? nil : try Array(hex: text) }
    declaration = String(fields[0])
    column = ColumnDefinition(
      name: "v", type: ColumnType(rawValue: UInt8(fields[1])!), metadata: UInt16(fields[2])!,
      isUnsigned: fields[3] == "1", collation: UInt16(fields[4])!,
      labels: fields[6] == "-"
        ? []
        : try fields[6].split(separator: "|", omittingEmptySubsequences: false).map {
          String(decoding: try Array(hex: $0), as: UTF8.self)
        },
      refinement: ColumnDefinition.Refinement(rawValue: String(fields[5]))!)
    log = try bytes(fields[7])
    result = try bytes(fields[8])
    literal = fields[9] == "=" ? result : try bytes(fields[9])
    expected =
      fields[10].hasPrefix("x")
      ? String(decoding: try Array(hex: fields[10].dropFirst()), as: UTF8.self) : String(fields[10])
  }

  static func all(_ name: String) throws -> [MySQLValueLine] {
    try Fixture.text("mysql-values/\(name).tsv").split(separator: "\n").map(MySQLValueLine.init)
  }
}

extension [UInt8] {
  struct NotHexadecimal: Error {}

  init(hex text: some StringProtocol) throws {
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { throw NotHexadecimal() }
    self = try stride(from: 0, to: digits.count, by: 2).map {
      guard let byte = UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) else {
        throw NotHexadecimal()
      }
      return byte
    }
  }
}

/// Writes rows given as bytes, the way the pipeline does.
struct MySQLRowWriter {
  enum Field: ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
    case bytes([UInt8]), null, absent, differences
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral elements: UInt8...) { self = .bytes(elements) }
    init(stringLiteral: String) { self = .bytes(Array(stringLiteral.utf8)) }
    init(_ bytes: [UInt8]?) { self = bytes.map { .bytes($0) } ?? .null }
  }

  /// The computed sets by a few of their collations, and two that the server translates.
  static let rows = [
    (8, "latin1", 1), (11, "ascii", 1), (33, "utf8mb3", 3), (35, "ucs2", 2), (45, "utf8mb4", 4), (46, "utf8mb4", 4),
    (54, "utf16", 4), (56, "utf16le", 4), (60, "utf32", 4), (63, "binary", 1), (255, "utf8mb4", 4), (7, "koi8r", 1),
    (28, "gbk", 2), (13, "sjis", 2), (12, "ujis", 3), (248, "gb18030", 4), (1, "big5", 2), (19, "euckr", 2),
    (24, "gb2312", 2), (10, "swe7", 1),
  ].map { CharacterSets.Row(collation: $0.0, name: $0.1, bytesMax: $0.2) }

  let plan: MySQLRowPlan
  let characterSets: CharacterSets

  init(
    _ columns: [ColumnDefinition], treatments: [String: RowPlan.Column.Treatment] = [:], key: [Int] = [],
    options: ValueOptions = ValueOptions()
  ) throws {
    characterSets = CharacterSets(MySQLRowWriter.rows)
    plan = try MySQLRowPlan(
      table: "shop.t", columns: columns, treatments: columns.map { treatments[$0.name] ?? .include }, key: key,
      keyPrefix: Array("/sync/shop/t/".utf8), options: options, characterSets: characterSets)
  }

  private func fields(_ row: [Field]) -> (base: [UInt8], fields: [RowField]) {
    var base: [UInt8] = [0xFF, 0xFF]
    let fields = row.map { field -> RowField in
      switch field {
      case .null: return RowField(kind: .null)
      case .absent: return RowField(kind: .absent)
      case .differences: return RowField(kind: .differences)
      case .bytes(let bytes):
        defer { base += bytes }
        return RowField(kind: .value, offset: base.count, length: bytes.count)
      }
    }
    return (base, fields)
  }

  func value(_ row: [Field], _ form: MySQLRowPlan.Form = .log) throws -> String { try valueAndHoles(row, form).value }

  func valueAndHoles(_ row: [Field], _ form: MySQLRowPlan.Form = .log) throws -> (value: String, holes: [ValueHole]) {
    let (base, fields) = fields(row)
    // Something is in front, as in a batch: offsets are those of the value.
    var out = ByteWriter()
    out.append("before" as StaticString)
    var holes: [ValueHole] = []
    try plan.appendValue(fields.span, base.span.bytes, form: form, into: &out, holes: &holes)
    return (String(decoding: out.bytes.extracting(6..<out.count)), holes)
  }

  func key(_ row: [Field], _ form: MySQLRowPlan.Form = .log) throws -> String {
    let (base, fields) = fields(row)
    var out = ByteWriter()
    try plan.appendKey(fields.span, base.span.bytes, form: form, into: &out)
    return String(decoding: out.bytes)
  }
}
