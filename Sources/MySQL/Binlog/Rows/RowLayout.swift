// SPDX-License-Identifier: Apache-2.0
//
//   image:  [options  [partial]]  nulls             values of the columns that are present and not NULL
//           packed    1 bit × JSON 1 bit × present
public import Wire

/// How to find the columns in the row images of one table: made once from a TABLE_MAP, used for every row.
@frozen
public struct RowLayout: Sendable {
  /// How long a column's value is.
  @frozen
  @usableFromInline
  struct Step: BitwiseCopyable, Sendable {
    /// Bytes of a length before the value, least significant first; 0: `size` is the length.
    @usableFromInline var prefix: UInt8
    @usableFromInline var isJSON: Bool
    @usableFromInline var size: Int32

    init(prefix: UInt8, size: Int32, isJSON: Bool = false) {
      self.prefix = prefix
      self.size = size
      self.isJSON = isJSON
    }
  }

  @usableFromInline let steps: [Step]
  @usableFromInline let jsonCount: Int

  public init(_ columns: [TableMap.Column]) throws(WireError) {
    var steps: [Step] = []
    steps.reserveCapacity(columns.count)
    for column in columns { steps.append(try Self.step(of: column)) }
    self.steps = steps
    jsonCount = steps.count { $0.isJSON }
  }

  @inlinable public var columnCount: Int { steps.count }

  private static func step(of column: TableMap.Column) throws(WireError) -> Step {
    let metadata = Int32(column.metadata)
    switch column.type {
    case .null: return Step(prefix: 0, size: 0)
    case .tiny, .year: return Step(prefix: 0, size: 1)
    case .short: return Step(prefix: 0, size: 2)
    case .int24, .date, .newDate: return Step(prefix: 0, size: 3)
    case .long: return Step(prefix: 0, size: 4)
    case .longLong: return Step(prefix: 0, size: 8)
    case .time, .timestamp, .dateTime: return Step(prefix: 0, size: oldTemporalSize(of: column))
    case .float, .double, .enumeration, .set: return Step(prefix: 0, size: metadata)
    case .timestamp2: return Step(prefix: 0, size: 4 + (metadata + 1) / 2)
    case .dateTime2: return Step(prefix: 0, size: 5 + (metadata + 1) / 2)
    case .time2: return Step(prefix: 0, size: 3 + (metadata + 1) / 2)
    case .bit: return Step(prefix: 0, size: metadata >> 8 + (metadata & 0xFF > 0 ? 1 : 0))
    case .newDecimal:
      return Step(prefix: 0, size: Int32(decimalByteCount(precision: metadata & 0xFF, scale: metadata >> 8)))
    case .varchar, .varcharCompressed, .string, .varString: return Step(prefix: metadata > 255 ? 2 : 1, size: 0)
    case .json: return Step(prefix: UInt8(metadata), size: 0, isJSON: true)
    case .tinyBlob, .mediumBlob, .longBlob, .blob, .blobCompressed, .geometry, .vector:
      return Step(prefix: UInt8(metadata), size: 0)
    default: throw WireError(.badValue("column of an unknown type"), offset: 0, context: "row layout")
    }
  }

  /// MariaDB with `mysql56_temporal_format=OFF` writes fractional seconds in its own way and says nowhere in the log
  /// how many digits there are: who knows the table's definition puts their number into `metadata`.
  private static func oldTemporalSize(of column: TableMap.Column) -> Int32 {
    let digits = Int(min(column.metadata, 6))
    switch column.type {
    case .time: return [3, 4, 4, 5, 5, 5, 6][digits]
    case .timestamp: return [4, 5, 5, 6, 6, 7, 7][digits]
    default: return [8, 6, 6, 7, 7, 7, 8][digits]
    }
  }

  /// Nine digits take four bytes; fewer take what they need.
  public static func decimalByteCount(precision: Int32, scale: Int32) -> Int {
    let bytesOfDigits: [Int] = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4]
    func count(_ digits: Int32) -> Int { Int(digits) / 9 * 4 + bytesOfDigits[Int(digits) % 9] }
    return count(max(0, precision - scale)) + count(scale)
  }

  /// Finds the columns of the image at `offset` of `rows` and moves `offset` behind it.
  ///
  /// `fields` gets one entry for each column of the table; their offsets are relative to `rows`.
  /// - Parameter isPartial: the after image of a PARTIAL_UPDATE_ROWS_EVENT.
  /// - Throws: if the image does not end within `rows`, or `present` is not about this table's columns. `fields` is
  ///   undefined then.
  @inlinable
  public func index(
    _ rows: RawSpan, at offset: inout Int, present: borrowing ColumnBitmap, isPartial: Bool = false,
    into fields: inout [RowField]
  ) throws(WireError) {
    let count = steps.count
    guard present.count == count else {
      throw WireError(.badValue("rows have another number of columns than their table"), offset: offset)
    }
    if fields.count != count { fields = [RowField](repeating: RowField(kind: .absent), count: count) }
    guard present.isFull, !isPartial, rows.byteCount <= Int(Int32.max) else {
      try indexSome(rows, at: &offset, present: present, isPartial: isPartial, into: &fields)
      return
    }
    let end = rows.byteCount
    let nulls = offset
    var at = offset &+ ((count &+ 7) >> 3)
    guard offset >= 0, at <= end else { throw short(at, end) }
    var out = fields.mutableSpan
    let steps = self.steps.span
    var bits: UInt8 = 0
    for column in 0..<count {
      if column & 7 == 0 { bits = rows[nulls &+ column >> 3] } else { bits &>>= 1 }
      // `fields`, the steps and the table have the same number of columns.
      if bits & 1 != 0 {
        unsafe out[unchecked: column] = RowField(kind: .null)
        continue
      }
      let step = unsafe steps[unchecked: column]
      var length = Int(step.size)
      if step.prefix != 0 {
        let width = Int(step.prefix)
        guard width <= end &- at else { throw short(at &+ width, end) }
        length = Int(unsafe rows.unsafeLoad(fromUncheckedByteOffset: at, as: UInt8.self))
        if width > 1 { length = Self.length(rows, at, width) }
        at &+= width
      }
      guard length <= end &- at else { throw short(at &+ length, end) }
      unsafe out[unchecked: column] = RowField(kind: .value, offset: at, length: length)
      at &+= length
    }
    offset = at
  }

  @inlinable @inline(__always)
  static func length(_ rows: RawSpan, _ at: Int, _ width: Int) -> Int {
    assert(at >= 0 && at &+ width <= rows.byteCount)
    var length = Int(
      UInt16(littleEndian: unsafe rows.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt16.self)))
    if width > 2 { length |= Int(rows[at &+ 2]) << 16 }
    if width > 3 { length |= Int(rows[at &+ 3]) << 24 }
    return length
  }

  @usableFromInline
  func short(_ wanted: Int, _ end: Int) -> WireError {
    WireError(.short(needed: wanted, available: end), offset: end, context: "row image")
  }

  /// Images that leave columns out, or hold differences.
  @usableFromInline
  func indexSome(
    _ rows: RawSpan, at offset: inout Int, present: borrowing ColumnBitmap, isPartial: Bool,
    into fields: inout [RowField]
  ) throws(WireError) {
    guard rows.byteCount <= Int(Int32.max) else { throw WireError(.badLength(rows.byteCount), offset: 0) }
    var reader = ByteReader(rows)
    try reader.skip(offset)
    var differences: Int?
    // "value_options … bit 0: PARTIAL_JSON_UPDATES"; then one bit for each JSON column of the table.
    if isPartial, try reader.lengthEncoded() & 1 != 0 {
      differences = reader.offset
      try reader.skip((jsonCount + 7) / 8)
    }
    let nulls = reader.offset
    try reader.skip((present.presentCount + 7) / 8)
    var nullBit = 0
    var jsonBit = 0
    for (column, step) in steps.enumerated() {
      var isDifference = false
      if step.isJSON {
        if let differences { isDifference = Self.bit(jsonBit, of: rows, at: differences) }
        jsonBit += 1
      }
      guard present[column] else {
        fields[column] = RowField(kind: .absent)
        continue
      }
      let isNull = Self.bit(nullBit, of: rows, at: nulls)
      nullBit += 1
      if isNull {
        fields[column] = RowField(kind: .null)
        continue
      }
      let length = step.prefix == 0 ? Int(step.size) : Int(try reader.unsigned(bytes: Int(step.prefix)))
      fields[column] = RowField(kind: isDifference ? .differences : .value, offset: reader.offset, length: length)
      try reader.skip(length)
    }
    offset = reader.offset
  }

  private static func bit(_ bit: Int, of rows: RawSpan, at offset: Int) -> Bool {
    rows[offset + bit >> 3] >> UInt8(bit & 7) & 1 != 0
  }
}
