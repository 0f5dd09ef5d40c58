// SPDX-License-Identifier: Apache-2.0
//
//   parts   own | rows | own | rows ...      in the order in which they are sent
//   own     [ guards, checkpoint, heads of groups ]
//   rows    [ op | op | op | op .......... ]     a batch's bytes, as they were written row by row
internal import Wire

/// The body of a request, as parts of two buffers: a stream sends it from there, and nothing is put together before.
///
/// Once a stream has it, it stays as it is until that stream has ended; it may be sent again by another.
public final class RequestBody {
  struct Part {
    var isOwn: Bool
    var offset: Int
    var length: Int
  }

  /// How far a stream is.
  struct Cursor {
    var part = 0
    var offset = 0
    /// Octets that are left.
    var rest: Int
  }

  var own = ByteWriter(capacity: 4096)
  var rows = ByteWriter(capacity: 64)
  private(set) var parts: [Part] = []
  /// Octets of all parts.
  public private(set) var count = 0

  public init() {}

  func clear() {
    own.clear()
    parts.removeAll(keepingCapacity: true)
    count = 0
  }

  /// Appends what `write` writes.
  func appendOwn(_ write: (inout ByteWriter) -> Void) {
    let start = own.count
    write(&own)
    append(Part(isOwn: true, offset: start, length: own.count - start))
  }

  /// Appends a part of what will be `rows`.
  func append(rows range: Range<Int>) { append(Part(isOwn: false, offset: range.lowerBound, length: range.count)) }

  /// Parts that follow each other in memory are one.
  private func append(_ part: Part) {
    if part.length == 0 { return }
    count += part.length
    if let last = parts.last, last.isOwn == part.isOwn, last.offset + last.length == part.offset {
      parts[parts.count - 1].length += part.length
    } else {
      parts.append(part)
    }
  }

  var start: Cursor { Cursor(rest: count) }

  /// Sends the next `size` octets, those of rows from where they lie.
  func send(_ size: Int, from cursor: inout Cursor, to output: SendBuffer) {
    precondition(size <= cursor.rest)
    cursor.rest -= size
    var left = size
    while left > 0 {
      let part = parts[cursor.part]
      let taken = min(left, part.length - cursor.offset)
      let from = part.offset + cursor.offset
      if part.isOwn {
        own.withBytes { output.writer.append($0.extracting(from..<(from + taken))) }
      } else {
        rows.withBytes { output.lend($0.extracting(from..<(from + taken)), of: self) }
      }
      left -= taken
      cursor.offset += taken
      if cursor.offset == part.length {
        cursor.part += 1
        cursor.offset = 0
      }
    }
  }
}
