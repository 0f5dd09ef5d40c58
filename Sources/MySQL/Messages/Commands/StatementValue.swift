// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// A parameter of a prepared statement.
public enum StatementValue: Sendable, Equatable {
  case null
  case integer(Int64)
  case unsigned(UInt64)
  case double(Double)
  /// Text in the connection's character set; also decimals, dates and times, which the server converts.
  case text(String)
  /// Bytes without a character set.
  case bytes([UInt8])

  /// The type, and 0x80 in a second byte for an unsigned number.
  var typeAndFlag: (ColumnType, UInt8) {
    switch self {
    case .null: (.null, 0)
    case .integer: (.longLong, 0)
    case .unsigned: (.longLong, 0x80)
    case .double: (.double, 0)
    case .text: (.varString, 0)
    case .bytes: (.blob, 0)
    }
  }

  @_lifetime(reader: copy reader)
  init(type: ColumnType, flag: UInt8, from reader: inout ByteReader) throws(WireError) {
    switch (type, flag & 0x80) {
    case (.null, _): self = .null
    case (.longLong, 0): self = .integer(try reader.littleEndian())
    case (.longLong, _): self = .unsigned(try reader.littleEndian())
    case (.double, _): self = .double(Double(bitPattern: try reader.littleEndian()))
    case (.varString, _), (.varchar, _), (.string, _): self = .text(try reader.lengthEncodedString())
    case (.blob, _): self = .bytes(try reader.lengthEncodedBytes().array)
    default: throw WireError(.badValue("a parameter of a type that Sync does not send"), offset: reader.offset)
    }
  }

  func encode(to writer: inout ByteWriter) {
    switch self {
    case .null: break
    case .integer(let value): writer.append(littleEndian: value)
    case .unsigned(let value): writer.append(littleEndian: value)
    case .double(let value): writer.append(littleEndian: value.bitPattern)
    case .text(let text): writer.append(lengthEncoded: text)
    case .bytes(let bytes): writer.append(lengthEncoded: bytes)
    }
  }
}
