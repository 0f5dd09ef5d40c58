// SPDX-License-Identifier: Apache-2.0
import Daemon
import Etcd
import Wire

/// Rows as `COPY … TO STDOUT` sends them, one after the other.
struct CopyLines: ~Copyable {
  private var text = ByteWriter(capacity: 1 << 20)
  private var ends: [Int] = []

  var byteCount: Int { text.count }
  var count: Int { ends.count }

  init(count: Int) {
    ends.reserveCapacity(count)
    for id in 0..<count {
      // Nulls and a quote now and then, as in real tables.
      let thing = id % 7 == 0 ? "\"thing\"" : "'thing'"
      let kept = "and where it may be kept"
      let description =
        id % 16 == 0 ? "\\N" : "a line of a hundred bytes that says what the \(thing) is good for, \(kept)"
      text.append(
        "\(id)\t\(id % 1000)\ttitle of row \(100_000 + id % 900_000)\t\(description)\t\(id % 10_000).\(10 + id % 90)\t"
          + "\(id % 3 == 0 ? "t" : "f")\t2026-01-02 03:04:05.\(100_000 + id % 900_000)+00\t"
          + "{\"size\": \(10 + id % 90), \"tags\": [\"red\", \"green\"], "
          + "\"origin\": {\"batch\": \(id % 1000), \"country\": \"NL\"}}\n")
      ends.append(text.count)
    }
  }

  func forEach<E: Error>(_ body: (RawSpan) throws(E) -> Void) throws(E) {
    let all = text.bytes
    var start = 0
    for end in ends {
      try body(all.extracting(start..<end))
      start = end
    }
  }

  /// Writes every row into a batch that starts anew when a request would be full; answers how many bytes.
  func transcode(_ plan: RowPlan) throws -> Int {
    var line = CopyTextLine()
    var batch = TransactionBatch()
    var holes: [ValueHole] = []
    var written = 0
    let all = text.bytes
    var start = 0
    for end in ends {
      let bytes = all.extracting(start..<end)
      start = end
      try line.split(bytes)
      let base = line.base(of: bytes)
      let fields = line.fields
      batch.beginChange()
      _ = try batch.put(
        bytesMax: 1 << 20,
        key: { (out) throws(RowError) in try plan.appendKey(fields, base, into: &out) },
        value: { (out) throws(RowError) in try plan.appendValue(fields, base, into: &out, holes: &holes) })
      if batch.liveOperations >= RequestTarget.operations {
        written += batch.liveBytes
        batch.clear()
      }
    }
    return written + batch.liveBytes
  }
}
