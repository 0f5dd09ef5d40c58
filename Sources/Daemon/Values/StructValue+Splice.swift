// SPDX-License-Identifier: Apache-2.0
internal import Etcd
package import Wire

extension StructValue {
  /// Writes `value` with the map entries that its holes lack copied from `earlier`, a Struct too, whole and unread.
  ///
  /// `RowPlan.splice` for `storage: proto`: what neither has stays a hole of the result. In an earlier Struct a hole is
  /// an entry that is not there, so it needs no list of its own.
  package static func splice(
    _ value: RawSpan, _ holes: Span<ValueHole>, over earlier: RawSpan, into out: inout ByteWriter,
    unresolved: inout [ValueHole],
    name: (_ column: Int) -> String
  ) throws(WireError) {
    let start = out.count
    var copied = 0
    unresolved.removeAll(keepingCapacity: true)
    for index in 0..<holes.count {
      let hole = holes[index]
      out.append(value.extracting(copied..<hole.offset))
      copied = hole.offset
      if let entry = try entry(of: name(hole.column), in: earlier) {
        out.append(earlier.extracting(entry))
      } else {
        unresolved.append(ValueHole(column: hole.column, offset: out.count - start))
      }
    }
    out.append(value.extracting(copied..<value.byteCount))
  }

  /// Where the map entry with this key lies, its tag and length included. "If a map has duplicate keys, the last one
  /// seen is used."
  private static func entry(of name: String, in message: RawSpan) throws(WireError) -> Range<Int>? {
    let name = Array(name.utf8)
    var found: Range<Int>?
    var reader = ByteReader(message)
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = try reader.varint()
      guard tag == 1 << 3 | 2 else {
        try reader.skipField(tag)
        continue
      }
      var entry = ByteReader(try reader.lengthDelimited())
      while !entry.isAtEnd {
        let field = try entry.varint()
        guard field == 1 << 3 | 2 else {
          try entry.skipField(field)
          continue
        }
        if unsafe try entry.lengthDelimited().isEqual(to: name.span.bytes) { found = start..<reader.offset }
      }
    }
    return found
  }
}

extension ByteReader {
  /// The bytes of a length-delimited field whose tag has been read.
  @_lifetime(self: copy self)
  @_lifetime(copy self)
  fileprivate mutating func lengthDelimited() throws(WireError) -> RawSpan {
    let start = offset
    guard let length = Int(exactly: try varint()) else {
      throw WireError(.badValue("length above 63 bits"), offset: start, context: "Struct")
    }
    return try bytes(length)
  }

  /// Skips a field of any wire type; groups are not used since proto2.
  @_lifetime(self: copy self)
  fileprivate mutating func skipField(_ tag: UInt64) throws(WireError) {
    switch tag & 7 {
    case 0: _ = try varint()
    case 1: try skip(8)
    case 2: _ = try lengthDelimited()
    case 5: try skip(4)
    default: throw WireError(.badValue("unknown wire type"), offset: offset, context: "Struct")
    }
  }
}
