// SPDX-License-Identifier: Apache-2.0
internal import Etcd
package import Wire

extension RowPlan {
  /// Writes `value` with its holes filled from `earlier`, the value that the same key had before.
  ///
  /// Serves both uses: over a whole value from etcd, what is `unresolved` afterwards is missing there and must be asked
  /// of the source; over an earlier entry of the open batch, which may have holes itself (`earlierHoles`), what both
  /// lack stays a hole of the result. Members are found by name, so the two may have been written by different plans.
  package func splice(
    _ value: RawSpan, _ holes: Span<ValueHole>, over earlier: RawSpan, _ earlierHoles: Span<ValueHole>,
    into out: inout ByteWriter, unresolved: inout [ValueHole]
  ) throws(WireError) {
    let literals = self.literals
    let start = out.count
    var copied = 0
    unresolved.removeAll(keepingCapacity: true)
    var scanner = try JSONObjectScanner(earlier)
    for index in 0..<holes.count {
      let hole = holes[index]
      precondition(hole.offset >= copied && hole.offset + ValueHole.size <= value.byteCount)
      out.append(value.extracting(copied..<hole.offset))
      copied = hole.offset + ValueHole.size
      let found = try unsafe scanner.find(literals.span.bytes.extracting(nameRange(of: plans[hole.column])))
      if let found, !earlierHoles.contains(offset: found.lowerBound) {
        out.append(earlier.extracting(found))
      } else {
        unresolved.append(ValueHole(column: hole.column, offset: out.count - start))
        out.append("null" as StaticString)
      }
    }
    out.append(value.extracting(copied..<value.byteCount))
  }

  /// A column's name as it stands between its quotes: without `{"` or `,"` before it and `":` behind it.
  private func nameRange(of plan: ColumnPlan) -> Range<Int> {
    (plan.literalStart + 2)..<(plan.literalStart + plan.literalCount - 2)
  }
}

extension Span<ValueHole> {
  func contains(offset: Int) -> Bool {
    for index in indices where self[index].offset == offset { return true }
    return false
  }
}
