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
    let plans = self.plans
    try literals.splice(
      value, holes, over: earlier, earlierHoles, into: &out, unresolved: &unresolved,
      name: { plans[$0].literal.name })
  }
}
