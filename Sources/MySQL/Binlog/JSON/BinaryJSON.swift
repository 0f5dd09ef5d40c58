// SPDX-License-Identifier: Apache-2.0
//
//   document:   type   value
//   container:  count  size  [{ key offset  key length }]  { type  value or offset }  keys, values
//               2 or 4 bytes 2 or 4         2               1     2 or 4
public import Wire

/// What is in a binary JSON document, in order. Objects' members come in the order that MySQL stores them: shorter keys
/// first.
public protocol BinaryJSONVisitor: ~Copyable {
  mutating func beginObject(count: Int)
  /// Comes before a member's value.
  mutating func key(_ name: RawSpan, isFirst: Bool)
  mutating func endObject()
  mutating func beginArray(count: Int)
  /// Comes before an element's value.
  mutating func element(isFirst: Bool)
  mutating func endArray()
  mutating func null()
  mutating func boolean(_ value: Bool)
  mutating func integer(_ value: Int64)
  mutating func unsigned(_ value: UInt64)
  mutating func double(_ value: Double)
  /// UTF-8, not escaped.
  mutating func string(_ text: RawSpan)
  /// A value of SQL: decimals and temporal values have a form of their own, other types are bytes.
  mutating func opaque(_ type: ColumnType, _ bytes: RawSpan)
}

/// MySQL's JSON as it is stored and logged (sql-common/json_binary.h).
public enum BinaryJSON {
  /// "JSON_DOCUMENT_MAX_DEPTH".
  public static let maximumDepth = 100

  /// Says to `visitor` what `document` holds.
  ///
  /// Values lie in their container's bytes at offsets; each must be inside, and all together may not be more than the
  /// document has bytes, so that offsets which point twice at the same value cannot make it grow.
  @inlinable
  public static func walk<V: BinaryJSONVisitor & ~Copyable>(
    _ document: RawSpan, _ visitor: inout V
  ) throws(WireError) {
    // "An empty binary value is the JSON null": what ADD COLUMN j JSON NOT NULL puts into old rows.
    guard document.byteCount > 0 else {
      visitor.null()
      return
    }
    var budget = document.byteCount
    do throws(WireError) {
      let value = document.extracting(1..<document.byteCount)
      try walk(value, type: document[0], depth: 1, budget: &budget, &visitor)
    } catch {
      throw error.inside("binary JSON")
    }
  }

  /// `value` begins with the value and ends with its container.
  @inlinable
  static func walk<V: BinaryJSONVisitor & ~Copyable>(
    _ value: RawSpan, type: UInt8, depth: Int, budget: inout Int, _ visitor: inout V
  ) throws(WireError) {
    var reader = ByteReader(value)
    switch type {
    case 0x00...0x03:
      guard depth <= maximumDepth else { throw WireError(.badValue("JSON deeper than 100 levels"), offset: 0) }
      try walk(container: value, type: type, depth: depth, budget: &budget, &visitor)
      return
    case 0x04: try literal(try reader.byte(), &visitor)
    case 0x05: visitor.integer(Int64(try reader.littleEndian(Int16.self)))
    case 0x06: visitor.unsigned(UInt64(try reader.littleEndian(UInt16.self)))
    case 0x07: visitor.integer(Int64(try reader.littleEndian(Int32.self)))
    case 0x08: visitor.unsigned(UInt64(try reader.littleEndian(UInt32.self)))
    case 0x09: visitor.integer(try reader.littleEndian())
    case 0x0A: visitor.unsigned(try reader.littleEndian())
    case 0x0B: visitor.double(Double(bitPattern: try reader.littleEndian()))
    case 0x0C: visitor.string(try reader.bytes(try length(from: &reader)))
    case 0x0F:
      let type = ColumnType(rawValue: try reader.byte())
      visitor.opaque(type, try reader.bytes(try length(from: &reader)))
    default: throw WireError(.badValue("unknown JSON type"), offset: 0)
    }
    try spend(reader.offset, &budget)
  }

  @inlinable
  static func walk<V: BinaryJSONVisitor & ~Copyable>(
    container whole: RawSpan, type: UInt8, depth: Int, budget: inout Int, _ visitor: inout V
  ) throws(WireError) {
    let isObject = type < 0x02
    let width = type & 1 == 0 ? 2 : 4
    let keysStart = 2 &* width
    guard keysStart <= whole.byteCount else {
      throw WireError(.short(needed: keysStart, available: whole.byteCount), offset: 0)
    }
    let count = number(whole, 0, width)
    let size = number(whole, width, width)
    let valuesStart = keysStart &+ (isObject ? count &* (width &+ 2) : 0)
    let end = valuesStart &+ count &* (width &+ 1)
    // So what is read below from an entry lies in the container.
    guard size <= whole.byteCount, end <= size else { throw WireError(.badLength(size), offset: 0) }
    try spend(end, &budget)
    let container = whole.extracting(0..<size)
    if isObject { visitor.beginObject(count: count) } else { visitor.beginArray(count: count) }
    var key = keysStart
    var entry = valuesStart
    for index in 0..<count {
      if isObject {
        let offset = number(container, key, width)
        let length = number(container, key &+ width, 2)
        key &+= width &+ 2
        try check(offset, length, from: end, size)
        try spend(length, &budget)
        visitor.key(container.extracting(offset..<offset &+ length), isFirst: index == 0)
      } else {
        visitor.element(isFirst: index == 0)
      }
      let type = container[entry]
      if isInline(type, width) {
        let value = container.extracting(entry &+ 1..<entry &+ 1 &+ width)
        var free = width
        try walk(value, type: type, depth: depth &+ 1, budget: &free, &visitor)
      } else {
        let offset = number(container, entry &+ 1, width)
        try check(offset, 1, from: end, size)
        let value = container.extracting(offset..<size)
        try walk(value, type: type, depth: depth &+ 1, budget: &budget, &visitor)
      }
      entry &+= width &+ 1
    }
    if isObject { visitor.endObject() } else { visitor.endArray() }
  }

  /// Two or four bytes, least significant first; that they are there has been checked.
  @inlinable @inline(__always)
  static func number(_ bytes: RawSpan, _ at: Int, _ width: Int) -> Int {
    if width == 2 {
      return Int(UInt16(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt16.self)))
    }
    return Int(UInt32(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt32.self)))
  }

  /// Behind the container's entries and inside of it.
  @inlinable
  static func check(_ offset: Int, _ length: Int, from start: Int, _ size: Int) throws(WireError) {
    guard offset >= start, length <= size, offset <= size &- length else {
      throw WireError(.badValue("JSON offset outside of its container"), offset: offset)
    }
  }

  /// "Literals and 16-bit integers are inlined; in large containers 32-bit ones too."
  @inlinable
  static func isInline(_ type: UInt8, _ width: Int) -> Bool {
    switch type {
    case 0x04, 0x05, 0x06: true
    case 0x07, 0x08: width == 4
    default: false
    }
  }

  @inlinable
  static func spend(_ bytes: Int, _ budget: inout Int) throws(WireError) {
    budget &-= bytes
    guard budget >= 0 else { throw WireError(.badValue("JSON values overlap"), offset: 0) }
  }

  @inlinable
  static func literal<V: BinaryJSONVisitor & ~Copyable>(_ number: UInt8, _ visitor: inout V) throws(WireError) {
    switch number {
    case 0: visitor.null()
    case 1: visitor.boolean(true)
    case 2: visitor.boolean(false)
    default: throw WireError(.badValue("unknown JSON literal"), offset: 0)
    }
  }

  /// Seven bits a byte, the lowest first, at most five bytes.
  @inlinable
  @_lifetime(reader: copy reader)
  static func length(from reader: inout ByteReader) throws(WireError) -> Int {
    let start = reader.offset
    if let first = reader.peek(), first < 0x80 {
      reader.offset &+= 1
      return Int(first)
    }
    let length = try reader.varint()
    guard length <= UInt64(UInt32.max) else { throw WireError(.badLength(Int(clamping: length)), offset: start) }
    return Int(length)
  }
}
