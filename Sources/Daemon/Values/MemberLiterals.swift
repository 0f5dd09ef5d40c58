// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Wire

/// What is printed before each member of a row, `{"id":` and `,"name":`, rendered once and kept in one blob.
///
/// The blob is padded, so that a short literal is copied as a whole number of chunks.
struct MemberLiterals {
  /// Where one column's literal lies; empty for a column that is left out.
  struct Place: BitwiseCopyable {
    private let first: Int32
    private let size: Int32

    init(start: Int, count: Int) {
      first = Int32(start)
      size = Int32(count)
    }

    var start: Int { Int(first) }
    var count: Int { Int(size) }

    /// The column's name as it stands between its quotes: without `{"` or `,"` before it and `":` behind it.
    var name: Range<Int> { (start + 2)..<(start + count - 2) }
  }

  private static let padding = 32
  private(set) var bytes = [UInt8](repeating: 0, count: padding)
  private(set) var hasMembers = false

  mutating func add(_ name: String) -> Place {
    let start = bytes.count - MemberLiterals.padding
    let literal = memberLiteral(name, isFirst: !hasMembers)
    bytes.replaceSubrange(start..<start, with: literal)
    hasMembers = true
    return Place(start: start, count: literal.count)
  }

  /// Writes `value` with its holes filled from `earlier`: see `RowPlan.splice`. `name` answers where a column's name
  /// lies in the blob, `changes` what becomes of a member that is not to stay as it was.
  func splice(
    _ value: RawSpan, _ holes: Span<ValueHole>, over earlier: RawSpan, _ earlierHoles: Span<ValueHole>,
    into out: inout ByteWriter, unresolved: inout [ValueHole], changes: ValueChanges? = nil,
    name: (_ column: Int) -> Range<Int>
  ) throws(WireError) {
    let bytes = self.bytes
    let start = out.count
    var copied = 0
    unresolved.removeAll(keepingCapacity: true)
    var scanner = try JSONObjectScanner(earlier)
    for index in 0..<holes.count {
      let hole = holes[index]
      precondition(hole.offset >= copied && hole.offset + ValueHole.size <= value.byteCount)
      out.append(value.extracting(copied..<hole.offset))
      copied = hole.offset + ValueHole.size
      let found = try unsafe scanner.find(bytes.span.bytes.extracting(name(hole.column)))
      let earlierHole = found.flatMap { earlierHoles.index(offset: $0.lowerBound) }
      if let found, earlierHole == nil {
        if hole.change == 0 {
          out.append(earlier.extracting(found))
        } else {
          guard let changes else { preconditionFailure("a change that nobody keeps") }
          try changes.apply(hole.change, to: earlier.extracting(found), into: &out)
        }
      } else {
        // Both changes are due, in their order, once the value is there.
        let before = earlierHole.map { earlierHoles[$0].change } ?? 0
        let change = changes?.joined(before, hole.change) ?? 0
        unresolved.append(ValueHole(column: hole.column, offset: out.count - start, change: change))
        out.append("null" as StaticString)
      }
    }
    out.append(value.extracting(copied..<value.byteCount))
  }
}

extension Span<ValueHole> {
  func index(offset: Int) -> Int? {
    for index in indices where self[index].offset == offset { return index }
    return nil
  }
}

extension ByteWriter {
  /// One literal of the blob: two stores instead of a call for short names.
  @inline(__always)
  mutating func append(literal blob: RawSpan, _ place: MemberLiterals.Place) {
    let start = place.start
    guard place.count <= 32, start &+ 32 <= blob.byteCount else {
      append(blob.extracting(start..<(start &+ place.count)))
      return
    }
    unsafe appendUnsafe(upTo: 32) { out in
      guard let to = out.baseAddress else { return 0 }
      unsafe to.storeBytes(of: blob.checkedChunk(start), as: SIMD16<UInt8>.self)
      unsafe to.storeBytes(of: blob.checkedChunk(start &+ 16), toByteOffset: 16, as: SIMD16<UInt8>.self)
      return place.count
    }
  }
}
