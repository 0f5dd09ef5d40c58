// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// Changes of values that are not at hand yet (`binlog_row_value_options = PARTIAL_JSON`), by the number that a hole
/// carries. Kept as long as the open batch has holes.
package final class ValueChanges {
  /// For each number, the log's lists of differences in their order; number 0 is none.
  private var lists: [[[UInt8]]] = [[]]
  private var patch = JSONPatch()

  func add(_ differences: RawSpan) -> Int {
    lists.append([differences.array])
    return lists.count - 1
  }

  /// The one after the other.
  func joined(_ first: Int, _ second: Int) -> Int {
    if first == 0 || second == 0 { return first + second }
    lists.append(lists[first] + lists[second])
    return lists.count - 1
  }

  func apply(_ number: Int, to document: RawSpan, into out: inout ByteWriter) throws(WireError) {
    var text = ByteWriter()
    text.append(document)
    for differences in lists[number] {
      var next = ByteWriter()
      try unsafe patch.apply(differences.span.bytes, to: text.bytes, into: &next)
      text = next
    }
    out.append(text.bytes)
  }

  func clear() {
    if lists.count > 1 { lists = [[]] }
  }
}
