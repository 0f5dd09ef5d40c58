// SPDX-License-Identifier: Apache-2.0
//
//   message Struct    { map<string, Value> fields = 1; }          a row: one entry a column, in column order
//   message Value     { null_value = 1; number_value = 2; string_value = 3; bool_value = 4;
//                       struct_value = 5; list_value = 6; }
//   message ListValue { repeated Value values = 1; }
internal import Etcd
package import Wire

/// `storage: proto`: finished JSON as the bytes of a `google.protobuf.Struct`.
///
/// A map entry is a message `{ key = 1; value = 2 }`. Lengths are in their shortest form, so the bytes are those of any
/// encoder that writes the fields in this order.
package enum StructValue {
  /// How deep a document may nest. A level is two or three messages; readers stop at 100 (C++, Java) to 10,000 (Go).
  static let depthMax = 1_000

  /// Transcodes a JSON object. The members that are `holes` get no entry; `structHoles` becomes where theirs belong.
  package static func transcode(
    _ json: RawSpan, _ holes: Span<ValueHole>, into out: inout ByteWriter, structHoles: inout [ValueHole]
  ) throws(WireError) {
    let start = out.count
    structHoles.removeAll(keepingCapacity: true)
    var scanner = try JSONObjectScanner(json)
    var next = 0
    while let member = try scanner.next() {
      if next < holes.count, holes[next].offset == member.value.lowerBound {
        structHoles.append(ValueHole(column: holes[next].column, offset: out.count - start))
        next += 1
      } else {
        let entry = try beginEntry(json, name: member.name, into: &out)
        _ = try appendValue(json, from: member.value.lowerBound, level: 0, into: &out)
        end(entry, in: &out)
      }
    }
    precondition(next == holes.count, "a hole that is no member")
  }

  private struct Entry { var entry: Int; var value: Int }

  private static func beginEntry(
    _ json: RawSpan, name: Range<Int>, into out: inout ByteWriter
  ) throws(WireError) -> Entry {
    let entry = out.beginMessage(1)
    let key = out.beginMessage(1)
    try out.append(unescaped: json, name)
    out.endMessage(key)
    return Entry(entry: entry, value: out.beginMessage(2))
  }

  private static func end(_ entry: Entry, in out: inout ByteWriter) {
    out.endMessage(entry.value)
    out.endMessage(entry.entry)
  }

  /// Writes the content of a `Value` for the JSON value at `start` and answers where that ends. It goes as deep as the
  /// document, up to `depthMax`.
  private static func appendValue(
    _ json: RawSpan, from start: Int, level: Int, into out: inout ByteWriter
  ) throws(WireError) -> Int {
    guard level < depthMax else { throw .json("nested too deep for a Struct", start) }
    switch start < json.byteCount ? json[start] : 0 {
    case 0x7B: return try appendObject(json, from: start, level: level, into: &out)
    case 0x5B: return try appendList(json, from: start, level: level, into: &out)
    default: break
    }
    let end = try json.endOfScalar(from: start)
    switch json[start] {
    case 0x6E: out.append([0x08, 0x00] as [UInt8])  // null_value: NULL_VALUE
    case 0x74: out.append([0x20, 0x01] as [UInt8])  // bool_value
    case 0x66: out.append([0x20, 0x00] as [UInt8])
    case 0x22:
      let text = out.beginMessage(3)
      try out.append(unescaped: json, (start + 1)..<(end - 1))
      out.endMessage(text)
    default: appendNumber(json.extracting(start..<end), into: &out)
    }
    return end
  }

  private static func appendObject(
    _ json: RawSpan, from start: Int, level: Int, into out: inout ByteWriter
  ) throws(WireError) -> Int {
    let object = out.beginMessage(5)
    var position = json.endOfBlanks(from: start + 1)
    if try json.isEnd(0x7D, at: position) {
      out.endMessage(object)
      return position + 1
    }
    while true {
      let nameEnd = try json.endOfString(from: position)
      let entry = try beginEntry(json, name: (position + 1)..<(nameEnd - 1), into: &out)
      let value = try json.endOfColon(from: nameEnd)
      position = json.endOfBlanks(from: try appendValue(json, from: value, level: level + 1, into: &out))
      end(entry, in: &out)
      if try json.isEnd(0x7D, at: position) { break }
      guard json[position] == 0x2C else { throw .json("neither comma nor end", position) }
      position = json.endOfBlanks(from: position + 1)
    }
    out.endMessage(object)
    return position + 1
  }

  private static func appendList(
    _ json: RawSpan, from start: Int, level: Int, into out: inout ByteWriter
  ) throws(WireError) -> Int {
    let list = out.beginMessage(6)
    var position = json.endOfBlanks(from: start + 1)
    if try json.isEnd(0x5D, at: position) {
      out.endMessage(list)
      return position + 1
    }
    while true {
      let value = out.beginMessage(1)
      position = json.endOfBlanks(from: try appendValue(json, from: position, level: level + 1, into: &out))
      out.endMessage(value)
      if try json.isEnd(0x5D, at: position) { break }
      guard json[position] == 0x2C else { throw .json("neither comma nor end", position) }
      position = json.endOfBlanks(from: position + 1)
    }
    out.endMessage(list)
    return position + 1
  }

  /// "Note that attempting to serialize NaN or Infinity results in error": a number beyond double stays its digits.
  private static func appendNumber(_ text: RawSpan, into out: inout ByteWriter) {
    let number = text.double
    if number.isFinite {
      out.append(0x11 as UInt8)  // number_value, of 64 bits
      out.append(littleEndian: number.bitPattern)
    } else {
      let digits = out.beginMessage(3)
      out.append(text)
      out.endMessage(digits)
    }
  }
}

extension RawSpan {
  fileprivate func isEnd(_ bracket: UInt8, at position: Int) throws(WireError) -> Bool {
    guard position < byteCount else { throw .json("container without its end", position) }
    return self[position] == bracket
  }
}
