// SPDX-License-Identifier: Apache-2.0
public import Wire

extension TableMapEvent {
  /// The columns with everything that the event says about them.
  public func tableMap() throws(WireError) -> TableMap {
    do throws(WireError) {
      var reader = ByteReader(body)
      try reader.skip(columnsOffset)
      let count = try reader.lengthEncodedCount()
      // "The maximum number of columns per table is 4096": more is no table.
      guard count <= 4096 else { throw WireError(.badLength(count), offset: columnsOffset) }
      let types = try reader.bytes(count)
      let metadataStart = reader.offset
      var metadata = ByteReader(try reader.lengthEncodedBytes())
      let nullable = try reader.bytes((count + 7) / 8)
      var columns: [TableMap.Column] = []
      columns.reserveCapacity(count)
      for index in 0..<count {
        var column = TableMap.Column(
          type: ColumnType(rawValue: types[index]), metadata: 0,
          isNullable: nullable[index >> 3] >> UInt8(index & 7) & 1 != 0)
        do throws(WireError) {
          try column.decodeMetadata(from: &metadata)
        } catch {
          throw WireError(error.reason, offset: metadataStart + error.offset)
        }
        columns.append(column)
      }
      try metadata.end("")
      let start = reader.offset
      do throws(WireError) {
        return TableMap(
          tableID: tableID, flags: flags, schema: String(decoding: schema), table: String(decoding: table),
          columns: columns,
          metadata: try TableMap.Metadata(decoding: reader.rest(), columns: columns, isMariaDB: isMariaDB))
      } catch {
        throw WireError(error.reason, offset: start + error.offset)
      }
    } catch {
      throw error.inside("Table_map")
    }
  }
}

extension TableMap.Column {
  /// How many bytes of metadata a type has is nowhere in the event: a type that is not known ends the reading.
  @_lifetime(reader: copy reader)
  mutating func decodeMetadata(from reader: inout ByteReader) throws(WireError) {
    switch type {
    case .tiny, .short, .long, .longLong, .int24, .year, .date, .newDate, .time, .dateTime, .timestamp, .null: break
    case .float, .double, .tinyBlob, .mediumBlob, .longBlob, .blob, .blobCompressed, .geometry, .json, .vector,
      .timestamp2, .dateTime2, .time2:
      metadata = UInt16(try reader.byte())
    case .varchar, .varcharCompressed, .bit, .newDecimal: metadata = try reader.littleEndian()
    case .string, .varString, .enumeration, .set:
      let first = try reader.byte()
      let second = try reader.byte()
      // Lengths above 255 have their upper two bits in the type's bits 4 and 5, inverted: all types here have both set.
      let upper = first & 0x30 ^ 0x30
      type = ColumnType(rawValue: first | 0x30)
      metadata = UInt16(upper) << 4 | UInt16(second)
      let isKnown = [.string, .varString, .enumeration, .set].contains(type)
      guard isKnown, upper == 0 || type == .string || type == .varString else {
        throw WireError(.badValue("no string type"), offset: reader.offset - 2)
      }
    default: throw WireError(.badValue("column of an unknown type"), offset: reader.offset)
    }
    guard isPossible else { throw WireError(.badValue("impossible column metadata"), offset: reader.offset) }
  }

  /// Whether values of this column can have a length.
  private var isPossible: Bool {
    switch type {
    case .float: metadata == 4
    case .double: metadata == 8
    case .tinyBlob, .mediumBlob, .longBlob, .blob, .blobCompressed, .geometry, .json, .vector:
      (1...4).contains(metadata)
    case .timestamp2, .dateTime2, .time2: metadata <= 6
    case .bit: metadata & 0xFF <= 7 && metadata >> 8 <= 8
    case .newDecimal: (1...65).contains(metadata & 0xFF) && metadata >> 8 <= min(38, metadata & 0xFF)
    case .enumeration: (1...2).contains(metadata)
    case .set: [1, 2, 3, 4, 8].contains(metadata)
    default: true
    }
  }

  func encodeMetadata(to writer: inout ByteWriter) {
    switch type {
    case .tiny, .short, .long, .longLong, .int24, .year, .date, .newDate, .time, .dateTime, .timestamp, .null: break
    case .varchar, .varcharCompressed, .bit, .newDecimal: writer.append(littleEndian: metadata)
    case .string, .varString, .enumeration, .set:
      writer.append(type.rawValue ^ UInt8(truncatingIfNeeded: metadata >> 4 & 0x30))
      writer.append(UInt8(truncatingIfNeeded: metadata))
    default: writer.append(UInt8(truncatingIfNeeded: metadata))
    }
  }

  /// The type number in the list of types: ENUM and SET say STRING there and themselves in the metadata.
  var logType: UInt8 { type == .enumeration || type == .set ? ColumnType.string.rawValue : type.rawValue }
}

extension TableMap {
  /// The event's body.
  public func encode(to writer: inout ByteWriter, isMariaDB: Bool = false) {
    writer.append(unsigned: tableID, bytes: 6)
    writer.append(littleEndian: flags)
    for name in [schema, table] {
      writer.append(UInt8(truncatingIfNeeded: name.utf8.count))
      writer.append(name)
      writer.append(0 as UInt8)
    }
    writer.append(lengthEncoded: UInt64(columns.count))
    for column in columns { writer.append(column.logType) }
    var values = ByteWriter()
    for column in columns { column.encodeMetadata(to: &values) }
    writer.append(lengthEncoded: values.bytes)
    var nullable = [UInt8](repeating: 0, count: (columns.count + 7) / 8)
    for (index, column) in columns.enumerated() where column.isNullable { nullable[index / 8] |= 1 << (index % 8) }
    writer.append(nullable)
    metadata.encode(columns: columns, isMariaDB: isMariaDB, to: &writer)
  }
}
