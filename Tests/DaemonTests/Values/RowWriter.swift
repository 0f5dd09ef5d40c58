// SPDX-License-Identifier: Apache-2.0
import Daemon
import Wire

/// Writes rows given as texts, the way the pipeline does.
struct RowWriter {
  let plan: RowPlan

  init(
    _ columns: [(String, UInt32)], treatments: [String: RowPlan.Column.Treatment] = [:], key: [Int] = [],
    options: ValueOptions = ValueOptions(), types: [TypeDescription] = []
  ) throws {
    var directory = TypeDirectory()
    for type in types { directory.insert(type) }
    plan = try RowPlan(
      table: "public.t",
      columns: columns.map { .init(name: $0.0, type: $0.1, treatment: treatments[$0.0] ?? .include) },
      key: key, keyPrefix: Array("/sync/public/t/".utf8), types: directory, options: options)
  }

  enum Field: ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    case text(String), null, unchanged
    init(stringLiteral: String) { self = .text(stringLiteral) }
    init(nilLiteral: ()) { self = .null }
  }

  func fields(_ row: [Field]) -> (base: [UInt8], fields: [FieldRange]) {
    var base: [UInt8] = []
    let fields = row.map { field -> FieldRange in
      switch field {
      case .null: return .null
      case .unchanged: return .unchanged
      case .text(let text):
        defer { base += text.utf8 }
        return FieldRange(offset: base.count, length: text.utf8.count)
      }
    }
    return (base, fields)
  }

  func value(_ row: [Field]) throws -> String { try valueAndHoles(row).value }

  func valueAndHoles(_ row: [Field]) throws -> (value: String, holes: [ValueHole]) {
    let (base, fields) = fields(row)
    // Something is in front, as in a batch: offsets are those of the value.
    var out = ByteWriter()
    out.append("before" as StaticString)
    var holes: [ValueHole] = []
    try plan.appendValue(fields.span, base.span.bytes, into: &out, holes: &holes)
    return (String(decoding: out.bytes.extracting(6..<out.count)), holes)
  }

  func key(_ row: [Field]) throws -> String {
    let (base, fields) = fields(row)
    var out = ByteWriter()
    try plan.appendKey(fields.span, base.span.bytes, into: &out)
    return String(decoding: out.bytes)
  }
}

/// The JSON of one value of one type.
func json(_ type: UInt32, _ text: String, _ types: [TypeDescription] = [], options: ValueOptions = ValueOptions())
  throws -> String
{
  let object = try RowWriter([("v", type)], options: options, types: types).value([.text(text)])
  return String(object.dropFirst(5).dropLast())
}
