// SPDX-License-Identifier: Apache-2.0
//
//   0x00   null bits, from bit 2 on     values of the columns that are not null
//   int<1> (columns + 7 + 2) / 8 bytes
public import Wire

/// "ProtocolBinary::ResultsetRow": a row of a prepared statement, as a view.
public enum BinaryRow {
  public static let code: UInt8 = 0x00

  /// Where each column's value lies in `payload`, behind its length: numbers as their little-endian bytes, dates and
  /// times as their fields, all else as its bytes. `fields` is filled anew and keeps its memory.
  @inlinable
  public static func index(
    _ payload: RawSpan, widths: [ValueWidth], into fields: inout [RowField]
  ) throws(WireError) {
    fields.removeAll(keepingCapacity: true)
    var reader = ByteReader(payload)
    try reader.skip(1)
    let nulls = try reader.bytes((widths.count &+ 9) / 8)
    for column in 0..<widths.count {
      let bit = column &+ 2
      if nulls[bit / 8] & (1 &<< UInt8(truncatingIfNeeded: bit % 8)) != 0 {
        fields.append(RowField(kind: .null))
        continue
      }
      let length: Int
      switch widths[column] {
      case .fixed(let count): length = Int(count)
      case .byteLength: length = Int(try reader.byte())
      case .lengthEncoded: length = try reader.lengthEncodedCount()
      }
      fields.append(RowField(kind: .value, offset: reader.offset, length: length))
      try reader.skip(length)
    }
    try reader.end("BinaryRow")
  }

  /// The other direction, for values as `index` shows them.
  package static func encode(_ values: [[UInt8]?], widths: [ValueWidth], to writer: inout ByteWriter) {
    var nulls = [UInt8](repeating: 0, count: (values.count + 9) / 8)
    for (column, value) in values.enumerated() where value == nil {
      nulls[(column + 2) / 8] |= 1 << UInt8((column + 2) % 8)
    }
    writer.append(code)
    writer.append(nulls)
    for (value, width) in zip(values, widths) {
      guard let value else { continue }
      switch width {
      case .fixed: break
      case .byteLength: writer.append(UInt8(truncatingIfNeeded: value.count))
      case .lengthEncoded: writer.append(lengthEncoded: UInt64(value.count))
      }
      writer.append(value)
    }
  }
}
