// SPDX-License-Identifier: Apache-2.0
//
//   $  { .name | ."name" | [number] | [last] | [last-number] }
public import Wire

/// Where in a JSON document a difference applies.
public struct JSONPath: Hashable, Sendable {
  public enum Leg: Hashable, Sendable {
    case member(String)
    case element(Int)
    /// Counted from the last element, which is 0.
    case elementFromEnd(Int)
  }

  public var legs: [Leg]

  public init(legs: [Leg]) { self.legs = legs }

  /// - Throws: for wildcards too: a difference is about one value.
  public init(_ path: RawSpan) throws(WireError) {
    legs = []
    var reader = ByteReader(path)
    do throws(WireError) {
      guard try reader.byte() == UInt8(ascii: "$") else { throw WireError(.badValue("no $"), offset: 0) }
      while !reader.isAtEnd {
        switch try reader.byte() {
        case UInt8(ascii: "."):
          let isQuoted = reader.peek() == UInt8(ascii: "\"")
          legs.append(.member(isQuoted ? try Self.quoted(&reader) : try Self.plain(&reader)))
        case UInt8(ascii: "["): legs.append(try Self.element(&reader))
        default: throw WireError(.badValue("neither member nor element"), offset: reader.offset - 1)
        }
      }
    } catch {
      throw error.inside("JSON path")
    }
  }

  @_lifetime(reader: copy reader)
  private static func plain(_ reader: inout ByteReader) throws(WireError) -> String {
    let start = reader.offset
    while let byte = reader.peek(), byte != UInt8(ascii: "."), byte != UInt8(ascii: "[") { try reader.skip(1) }
    guard reader.offset > start, reader.span[start] != UInt8(ascii: "*") else {
      throw WireError(.badValue("no member name"), offset: start)
    }
    return String(decoding: reader.span.extracting(start..<reader.offset))
  }

  @_lifetime(reader: copy reader)
  private static func element(_ reader: inout ByteReader) throws(WireError) -> Leg {
    let start = reader.offset
    guard let end = reader.span.firstIndex(of: UInt8(ascii: "]"), from: start) else {
      throw WireError(.badValue("element without its bracket"), offset: start)
    }
    let text = String(decoding: try reader.bytes(end - start)).filter { $0 != " " }
    try reader.skip(1)
    let last = "last"
    if text == last { return .elementFromEnd(0) }
    let isFromEnd = text.hasPrefix(last + "-")
    let digits = isFromEnd ? text.dropFirst(last.count + 1) : text[...]
    guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt32(digits) else {
      throw WireError(.badValue("no element number"), offset: start)
    }
    return isFromEnd ? .elementFromEnd(Int(number)) : .element(Int(number))
  }

  /// A JSON string.
  @_lifetime(reader: copy reader)
  private static func quoted(_ reader: inout ByteReader) throws(WireError) -> String {
    try reader.skip(1)
    var bytes: [UInt8] = []
    while true {
      let byte = try reader.byte()
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(&reader, into: &bytes)
      default: bytes.append(byte)
      }
    }
  }

  @_lifetime(reader: copy reader)
  private static func escape(_ reader: inout ByteReader, into bytes: inout [UInt8]) throws(WireError) {
    let start = reader.offset
    let byte = try reader.byte()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(8)
    case UInt8(ascii: "f"): bytes.append(12)
    case UInt8(ascii: "n"): bytes.append(10)
    case UInt8(ascii: "r"): bytes.append(13)
    case UInt8(ascii: "t"): bytes.append(9)
    case UInt8(ascii: "u"):
      // The server writes it for control characters only, which are no surrogates.
      guard let code = UInt32(String(decoding: try reader.bytes(4)), radix: 16), let scalar = Unicode.Scalar(code)
      else {
        throw WireError(.badValue("no character"), offset: start)
      }
      bytes.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw WireError(.badValue("unknown escape"), offset: start)
    }
  }
}
