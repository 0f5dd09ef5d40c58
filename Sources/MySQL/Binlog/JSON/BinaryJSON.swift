// SPDX-License-Identifier: Apache-2.0
//
//   document:   type   value
//   container:  count  size  [{ key offset  key length }]  { type  value or offset }  keys, values
//               2 or 4 bytes 2 or 4         2               1     2 or 4
public import Wire

/// How a binary JSON document is written: one call for each thing in it, in order.
///
/// Objects' members come in the order that MySQL stores them: shorter keys first. It is a type without state, and what
/// is written to is handed through: the hot path writes into the batch without a detour.
public protocol BinaryJSONVisitor {
  static func beginObject(_ out: inout ByteWriter)
  /// Comes before a member's value.
  static func key(_ name: RawSpan, isFirst: Bool, _ out: inout ByteWriter)
  static func endObject(_ out: inout ByteWriter)
  static func beginArray(_ out: inout ByteWriter)
  /// Comes before an element's value.
  static func element(isFirst: Bool, _ out: inout ByteWriter)
  static func endArray(_ out: inout ByteWriter)
  static func null(_ out: inout ByteWriter)
  static func boolean(_ value: Bool, _ out: inout ByteWriter)
  static func integer(_ value: Int64, _ out: inout ByteWriter)
  static func unsigned(_ value: UInt64, _ out: inout ByteWriter)
  static func double(_ value: Double, _ out: inout ByteWriter)
  /// UTF-8, not escaped.
  static func string(_ text: RawSpan, _ out: inout ByteWriter)
  /// A value of SQL: decimals and temporal values have a form of their own, other types are bytes.
  static func opaque(_ type: ColumnType, _ bytes: RawSpan, _ out: inout ByteWriter) throws(WireError)
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
  public static func walk<V: BinaryJSONVisitor>(
    _ document: RawSpan, _ visitor: V.Type, into out: inout ByteWriter
  ) throws(WireError) {
    // "An empty binary value is the JSON null": what ADD COLUMN j JSON NOT NULL puts into old rows.
    guard document.byteCount > 0 else { return V.null(&out) }
    var budget = document.byteCount
    do throws(WireError) {
      let value = document.extracting(1..<document.byteCount)
      try walk(value, type: document[0], depth: 1, budget: &budget, visitor, &out)
    } catch {
      throw error.inside("binary JSON")
    }
  }

  /// `value` begins with the value and ends with its container.
  @inlinable
  static func walk<V: BinaryJSONVisitor>(
    _ value: RawSpan, type: UInt8, depth: Int, budget: inout Int, _ visitor: V.Type, _ out: inout ByteWriter
  ) throws(WireError) {
    var reader = ByteReader(value)
    switch type {
    case 0x00...0x03:
      guard depth <= maximumDepth else { throw WireError(.badValue("JSON deeper than 100 levels"), offset: 0) }
      try walk(container: value, type: type, depth: depth, budget: &budget, visitor, &out)
      return
    case 0x04: try literal(try reader.byte(), visitor, &out)
    case 0x05: V.integer(Int64(try reader.littleEndian(Int16.self)), &out)
    case 0x06: V.unsigned(UInt64(try reader.littleEndian(UInt16.self)), &out)
    case 0x07: V.integer(Int64(try reader.littleEndian(Int32.self)), &out)
    case 0x08: V.unsigned(UInt64(try reader.littleEndian(UInt32.self)), &out)
    case 0x09: V.integer(try reader.littleEndian(), &out)
    case 0x0A: V.unsigned(try reader.littleEndian(), &out)
    case 0x0B: V.double(Double(bitPattern: try reader.littleEndian()), &out)
    case 0x0C: V.string(try reader.bytes(try length(from: &reader)), &out)
    case 0x0F:
      let type = ColumnType(rawValue: try reader.byte())
      try V.opaque(type, try reader.bytes(try length(from: &reader)), &out)
    default: throw WireError(.badValue("unknown JSON type"), offset: 0)
    }
    try spend(reader.offset, &budget)
  }

  @inlinable
  static func walk<V: BinaryJSONVisitor>(
    container whole: RawSpan, type: UInt8, depth: Int, budget: inout Int, _ visitor: V.Type, _ out: inout ByteWriter
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
    if isObject { V.beginObject(&out) } else { V.beginArray(&out) }
    var key = keysStart
    var entry = valuesStart
    for index in 0..<count {
      if isObject {
        let offset = number(container, key, width)
        let length = number(container, key &+ width, 2)
        key &+= width &+ 2
        try check(offset, length, from: end, size)
        try spend(length, &budget)
        V.key(container.extracting(offset..<offset &+ length), isFirst: index == 0, &out)
      } else {
        V.element(isFirst: index == 0, &out)
      }
      try walk(entry: entry, of: container, from: end, width, depth: depth, budget: &budget, visitor, &out)
      entry &+= width &+ 1
    }
    if isObject { V.endObject(&out) } else { V.endArray(&out) }
  }

  /// The value of one entry of a container, whose values begin at `start`. What nearly all values are is read here.
  @inlinable @inline(__always)
  static func walk<V: BinaryJSONVisitor>(
    entry: Int, of container: RawSpan, from start: Int, _ width: Int, depth: Int, budget: inout Int,
    _ visitor: V.Type, _ out: inout ByteWriter
  ) throws(WireError) {
    let type = container[entry]
    // "Literals and 16-bit integers are inlined; in large containers 32-bit ones too."
    switch type {
    case 0x04: return try literal(container[entry &+ 1], visitor, &out)
    case 0x05: return V.integer(Int64(Int16(truncatingIfNeeded: number(container, entry &+ 1, 2))), &out)
    case 0x06: return V.unsigned(UInt64(number(container, entry &+ 1, 2)), &out)
    case 0x07 where width == 4:
      return V.integer(Int64(Int32(truncatingIfNeeded: number(container, entry &+ 1, 4))), &out)
    case 0x08 where width == 4: return V.unsigned(UInt64(number(container, entry &+ 1, 4)), &out)
    default: break
    }
    let offset = number(container, entry &+ 1, width)
    try check(offset, 1, from: start, container.byteCount)
    let length = Int(container[offset])
    if type == 0x0C, length < 0x80, length < container.byteCount &- offset {
      try spend(1 &+ length, &budget)
      return V.string(container.extracting(offset &+ 1..<offset &+ 1 &+ length), &out)
    }
    let value = container.extracting(offset..<container.byteCount)
    try walk(value, type: type, depth: depth &+ 1, budget: &budget, visitor, &out)
  }

  /// Two or four bytes, least significant first; that they are there has been checked.
  @inlinable @inline(__always)
  static func number(_ bytes: RawSpan, _ at: Int, _ width: Int) -> Int {
    assert(at >= 0 && at &+ width <= bytes.byteCount)
    if width == 2 {
      return Int(UInt16(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt16.self)))
    }
    return Int(UInt32(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt32.self)))
  }

  /// Behind the container's entries and inside of it.
  @inlinable @inline(__always)
  static func check(_ offset: Int, _ length: Int, from start: Int, _ size: Int) throws(WireError) {
    guard offset >= start, length <= size, offset <= size &- length else {
      throw WireError(.badValue("JSON offset outside of its container"), offset: offset)
    }
  }

  @inlinable @inline(__always)
  static func spend(_ bytes: Int, _ budget: inout Int) throws(WireError) {
    budget &-= bytes
    guard budget >= 0 else { throw WireError(.badValue("JSON values overlap"), offset: 0) }
  }

  @inlinable
  static func literal<V: BinaryJSONVisitor>(
    _ number: UInt8, _ visitor: V.Type, _ out: inout ByteWriter
  ) throws(WireError) {
    switch number {
    case 0: V.null(&out)
    case 1: V.boolean(true, &out)
    case 2: V.boolean(false, &out)
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
