// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// Reads the JSON of our own state back. Whoever may write to etcd may have written it, so it is checked like any
/// input.
struct StateJSONParser {
  private static let depthMax = 8
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func malformed(_ what: StaticString) -> WireError { WireError(.badValue(what), offset: at, context: "state JSON") }

  mutating func document() throws(WireError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard at == bytes.count else { throw malformed("more behind the value") }
    return value
  }

  private mutating func value(depth: Int) throws(WireError) -> JSONValue {
    guard depth < Self.depthMax else { throw malformed("nested too deeply") }
    skipSpace()
    guard at < bytes.count else { throw malformed("ends too early") }
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(WireError) -> JSONValue {
    var members: [(name: String, value: JSONValue)] = []
    at += 1
    if accept("}") { return .object(JSONObject(members)) }
    repeat {
      skipSpace()
      let name = try string()
      guard accept(":") else { throw malformed("no : behind a member's name") }
      members.append((name, try value(depth: depth + 1)))
    } while accept(",")
    guard accept("}") else { throw malformed("object without its }") }
    return .object(JSONObject(members))
  }

  private mutating func array(depth: Int) throws(WireError) -> JSONValue {
    var values: [JSONValue] = []
    at += 1
    if accept("]") { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while accept(",")
    guard accept("]") else { throw malformed("array without its ]") }
    return .array(values)
  }

  private mutating func number() throws(WireError) -> JSONValue {
    let start = at
    while at < bytes.count, bytes[at] == UInt8(ascii: "-") || (0x30...0x39).contains(bytes[at]) { at += 1 }
    guard let number = Int(String(decoding: bytes[start..<at], as: UTF8.self)) else { throw malformed("not a number") }
    return .number(number)
  }

  private mutating func string() throws(WireError) -> String {
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw malformed("no string") }
    at += 1
    var text: [UInt8] = []
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\"") {
        guard let valid = String(validating: text, as: UTF8.self) else { throw malformed("string is not UTF-8") }
        return valid
      }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      try escape(into: &text)
    }
    throw malformed("string without its end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(WireError) {
    guard at < bytes.count else { throw malformed("string without its end") }
    let kind = bytes[at]
    at += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
    case UInt8(ascii: "u"):
      guard at + 4 <= bytes.count,
        let unit = UInt32(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(unit)
      else { throw malformed("bad \\u escape") }
      at += 4
      text.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw malformed("unknown escape")
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(WireError) -> JSONValue {
    guard bytes[at...].starts(with: word.utf8) else { throw malformed("unknown word") }
    at += word.utf8.count
    return value
  }

  private mutating func accept(_ character: Character) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == character.asciiValue else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
  }
}
