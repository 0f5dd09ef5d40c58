// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Wire

/// A row's value of which only some columns are known; the others are holes.
struct KnownColumns {
  var value: [UInt8]
  var holes: [ValueHole] = []
}

/// Writers for the rows that cannot be written straight into the batch; used again for each of them.
struct RowScratch: ~Copyable {
  var key = ByteWriter()
  var value = ByteWriter()
  /// The fields of a row that two tuples give together, and their bytes.
  var row = ByteWriter()
  var holes: [ValueHole] = []

  /// Fills holes from another value of the row; what both lack stays a hole.
  mutating func fill(
    from earlier: RawSpan, _ earlierHoles: [ValueHole], _ table: any SplicedTable
  ) throws(WireError) {
    var filled = ByteWriter()
    var unresolved: [ValueHole] = []
    try table.splice(
      value.bytes, holes.span, over: earlier, earlierHoles.span, into: &filled, unresolved: &unresolved)
    value = filled
    holes = unresolved
  }
}

// A row whose change the log carries only in part: what an earlier entry of the batch has is taken from there, and the
// rest from etcd, just before the request is sent.
extension TransactionBatch {
  /// Enters the row that stands in `scratch`. `source` is the key under which the row was before.
  mutating func enterPartial(
    _ scratch: inout RowScratch, source: [UInt8], table: any SplicedTable, number: Int, rowBytesMax: Int,
    oversized: OversizedRows, place: CutPlace
  ) throws(PipelineFailure) {
    guard !scratch.holes.isEmpty else {
      _ = try enterScratch(scratch, table, rowBytesMax, oversized)
      return
    }
    let earlier = unsafe liveEntry(of: source.span.bytes)
    var sourceKey = source
    var predecessor: Int?
    if let earlier {
      let kind = entries[earlier].kind
      sourceKey = []
      if kind == .put || kind == .unfilledPut {
        let earlierPut = kind == .unfilledPut ? unfilled.last { $0.entry == earlier } : nil
        do throws(WireError) {
          try withValue(of: earlier) { (value) throws(WireError) in
            try scratch.fill(from: value, earlierPut?.holes ?? [], table)
          }
        } catch {
          throw .stop(.defect, "a value of \(table.name) in the open batch is not JSON: \(error)")
        }
        sourceKey = earlierPut?.sourceKey ?? []
        predecessor = earlier
      }
    } else if unsafe isBelowDeletedPrefix(source.span.bytes) {
      sourceKey = []
    }
    guard try enterScratch(scratch, table, rowBytesMax, oversized), !scratch.holes.isEmpty else { return }
    markLastUnfilled(
      table: number, sourceKey: sourceKey, holes: scratch.holes, predecessor: predecessor, place: place)
  }

  /// False, and the key deleted, if the row is larger than a request may be and such rows are skipped.
  private mutating func enterScratch(
    _ scratch: borrowing RowScratch, _ table: any SplicedTable, _ rowBytesMax: Int, _ oversized: OversizedRows
  ) throws(PipelineFailure) -> Bool {
    let isEntered = put(
      bytesMax: rowBytesMax, key: { $0.append(scratch.key.bytes) }, value: { $0.append(scratch.value.bytes) })
    if isEntered { return true }
    try oversized.met(table: table.name, key: scratch.key.withBytes { String(decoding: $0) })
    scratch.key.withBytes { bytes in delete { $0.append(bytes) } }
    return false
  }
}
