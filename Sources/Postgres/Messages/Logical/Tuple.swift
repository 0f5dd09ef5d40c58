// SPDX-License-Identifier: Apache-2.0
//   natts   { kind ['t','b': length value] } * natts
//   Int16     Byte1          Int32
public import Wire

extension LogicalMessage {
  /// The columns of one row as they lie in the message. Nothing is copied: `index` notes where each value is.
  @frozen
  public struct Tuple: ~Escapable {
    public let columnCount: Int
    /// The columns, without the count in front; `FieldRange.offset` counts from here.
    public let span: RawSpan
    /// Where `span` begins in its message, for errors.
    @usableFromInline let start: Int

    /// A tuple that is not there.
    @inlinable
    @_lifetime(copy reader)
    init(absentIn reader: borrowing ByteReader) {
      columnCount = 0
      span = reader.span.extracting(0..<0)
      start = 0
    }

    /// The message's last tuple: it reaches to the end, and `index` holds it to that.
    @inlinable @inline(__always)
    @_lifetime(copy reader)
    init(lastIn reader: inout ByteReader) throws(WireError) {
      columnCount = try Tuple.count(&reader)
      start = reader.offset
      span = reader.rest()
    }

    /// A tuple that another one follows: its columns are walked to find the end.
    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader) throws(WireError) {
      columnCount = try Tuple.count(&reader)
      start = reader.offset
      for _ in 0..<columnCount {
        let kind = try reader.byte()
        if kind == UInt8(ascii: "t") || kind == UInt8(ascii: "b") {
          try reader.skip(Int(try reader.bigEndian(Int32.self)))
        } else if kind != UInt8(ascii: "n") && kind != UInt8(ascii: "u") {
          throw WireError(.badValue("unknown column kind"), offset: reader.offset &- 1)
        }
      }
      span = reader.span.extracting(start..<reader.offset)
    }

    @inlinable @inline(__always)
    static func count(_ reader: inout ByteReader) throws(WireError) -> Int {
      let count = Int(try reader.bigEndian(Int16.self))
      guard count >= 0 else { throw WireError(.badLength(count), offset: reader.offset &- 2) }
      return count
    }

    /// Fills `fields` with one entry for each column. The array is the caller's and is used again for the next row:
    /// once it has been as long as the widest row, nothing is allocated.
    ///
    /// Checks every length and that the columns end where the tuple ends.
    @inlinable @inline(__always)
    public func index(into fields: inout [FieldRange]) throws(WireError) {
      // A column is at least one byte, so a count above the bytes is a lie, and nothing is allocated for it.
      guard columnCount <= span.byteCount else {
        throw WireError(
          .short(needed: columnCount, available: span.byteCount), offset: start, context: "pgoutput tuple")
      }
      if fields.count < columnCount {
        fields.append(contentsOf: repeatElement(FieldRange(kind: .null), count: columnCount &- fields.count))
      } else if fields.count > columnCount {
        fields.removeLast(fields.count &- columnCount)
      }
      var entries = fields.mutableSpan
      do throws(WireError) {
        try Tuple.walk(span, into: &entries)
      } catch {
        throw WireError(error.reason, offset: start &+ error.offset, context: "pgoutput tuple")
      }
    }

    @inlinable @inline(__always)
    static func walk(_ span: RawSpan, into entries: inout MutableSpan<FieldRange>) throws(WireError) {
      var reader = ByteReader(span)
      for column in 0..<entries.count {
        let kind = try reader.byte()
        switch kind {
        case UInt8(ascii: "t"), UInt8(ascii: "b"):
          let length = Int(try reader.bigEndian(Int32.self))
          let offset = reader.offset
          try reader.skip(length)
          entries[column] = FieldRange(
            kind: kind == UInt8(ascii: "t") ? .text : .binary, offset: offset, length: length)
        case UInt8(ascii: "n"): entries[column] = FieldRange(kind: .null)
        case UInt8(ascii: "u"): entries[column] = FieldRange(kind: .unchanged)
        default: throw WireError(.badValue("unknown column kind"), offset: reader.offset &- 1)
        }
      }
      try reader.end("pgoutput tuple")
    }

    /// The bytes of a column that `index` found here.
    @inlinable
    @_lifetime(copy self)
    public func bytes(_ field: FieldRange) -> RawSpan {
      span.extracting(field.offset..<(field.offset &+ field.length))
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(bigEndian: Int16(columnCount))
      writer.append(span)
    }
  }

  /// Which form of the row before the change an Update or Delete carries.
  @frozen
  public enum OldTuple: UInt8, Sendable {
    /// None: the key did not change (Update only).
    case none = 0
    /// Only the replica identity's columns are filled, the others are null.
    case key = 0x4B
    /// The whole row: replica identity FULL.
    case full = 0x4F
  }
}
