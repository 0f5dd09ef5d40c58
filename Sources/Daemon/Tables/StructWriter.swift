// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Wire

/// Writes a row's value for `storage: proto`, which is made from its finished JSON.
final class StructWriter {
  private var json = ByteWriter()
  private var jsonHoles: [ValueHole] = []

  /// `write` writes the JSON.
  func append(
    table: String, into out: inout ByteWriter, holes: inout [ValueHole],
    _ write: (_ json: inout ByteWriter, _ holes: inout [ValueHole]) throws(RowError) -> Void
  ) throws(RowError) {
    json.clear()
    try write(&json, &jsonHoles)
    // Copied to a local: a span of a class's property cannot be handed on.
    let jsonHoles = self.jsonHoles
    do throws(WireError) {
      try json.withBytes { (bytes) throws(WireError) in
        try StructValue.transcode(bytes, jsonHoles.span, into: &out, structHoles: &holes)
      }
    } catch {
      throw RowError(table: table, column: "", reason: .value(error))
    }
  }
}
