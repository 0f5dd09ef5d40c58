// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// The JSON of our own state (checkpoint, leader, tables): small, read whole, written without white space. Rows never
/// pass through it.
enum JSONValue: Equatable {
  case null
  case boolean(Bool)
  case number(Int)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }
  var integer: Int? {
    if case .number(let number) = self { return number }
    return nil
  }
  var object: JSONObject? {
    if case .object(let object) = self { return object }
    return nil
  }
  var array: [JSONValue]? {
    if case .array(let values) = self { return values }
    return nil
  }
}

struct JSONObject: Equatable {
  private(set) var members: [(name: String, value: JSONValue)]

  init(_ members: [(name: String, value: JSONValue)]) { self.members = members }

  static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.members.elementsEqual(b.members) { $0.name == $1.name && $0.value == $1.value }
  }

  subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }

  static func encoded(_ members: [(name: String, value: JSONValue)]) -> [UInt8] {
    var out = ByteWriter(capacity: 384)
    JSONValue.object(JSONObject(members)).append(to: &out)
    return out.bytes.array
  }

  /// Throws for anything but one whole object of what `JSONValue` knows; at most eight levels deep.
  init(decoding bytes: [UInt8]) throws(WireError) {
    var parser = StateJSONParser(bytes)
    guard case .object(let object) = try parser.document() else { throw parser.malformed("not an object") }
    self = object
  }
}

extension JSONValue {
  func append(to out: inout ByteWriter) {
    switch self {
    case .null: out.append("null" as StaticString)
    case .boolean(let value): out.append(value ? "true" : "false" as StaticString)
    case .number(let value): out.append(decimal: value)
    case .string(let text): Self.append(quoted: text, to: &out)
    case .array(let values):
      out.append(UInt8(ascii: "["))
      for (place, value) in values.enumerated() {
        if place > 0 { out.append(UInt8(ascii: ",")) }
        value.append(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let object):
      out.append(UInt8(ascii: "{"))
      for (place, member) in object.members.enumerated() {
        if place > 0 { out.append(UInt8(ascii: ",")) }
        Self.append(quoted: member.name, to: &out)
        out.append(UInt8(ascii: ":"))
        member.value.append(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  private static func append(quoted text: String, to out: inout ByteWriter) {
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        out.append(UInt8(ascii: "\\"))
        out.append(byte)
      case 0..<0x20:
        out.append("\\u00" as StaticString)
        out.append(byte < 0x10 ? "0" : "1" as StaticString)
        out.append(String(byte & 15, radix: 16))
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
  }
}
