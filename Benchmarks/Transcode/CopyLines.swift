// SPDX-License-Identifier: Apache-2.0
import Daemon
import Etcd
import Postgres
import Wire

/// Rows as `COPY … TO STDOUT` sends them, one after the other.
struct CopyLines: ~Copyable {
  private var text = ByteWriter(capacity: 1 << 20)
  private var ends: [Int] = []

  var byteCount: Int { text.count }

  init(count: Int) {
    ends.reserveCapacity(count)
    for id in 0..<count {
      // Nulls and a quote now and then, as in real tables.
      let description =
        id % 16 == 0
        ? "\\N" : "a line of sixty bytes that says what the \(id % 7 == 0 ? "\"" : "'")thing\("'") is good for, x"
      text.append(
        "\(id)\t\(id % 1000)\ttitle of row \(100_000 + id % 900_000)\t\(description)\t\(id % 10_000).\(10 + id % 90)\t"
          + "\(id % 3 == 0 ? "t" : "f")\t2026-01-02 03:04:05.\(100_000 + id % 900_000)+00\t"
          + "{\"size\": \(10 + id % 90), \"tags\": [\"red\", \"green\"], \"origin\": {\"country\": \"NL\", \"batch\": \(id % 1000)}}\n"
      )
      ends.append(text.count)
    }
  }

  func forEach<E: Error>(_ body: (RawSpan) throws(E) -> Void) throws(E) {
    var start = 0
    for end in ends {
      try body(text.bytes.extracting(start..<end))
      start = end
    }
  }

  /// Writes every row's key and value into a buffer that starts anew every 100 rows; answers how many bytes.
  func transcode(_ plan: RowPlan) throws -> Int {
    var copy = CopyTextLine()
    var out = ByteWriter(capacity: 1 << 16)
    var holes: [ValueHole] = []
    var written = 0
    var start = 0
    let all = text.bytes
    for (index, end) in ends.enumerated() {
      let line = all.extracting(start..<end)
      start = end
      try copy.split(line)
      let base = copy.base(of: line)
      let fields = copy.fields
      try plan.appendKey(fields, base, into: &out)
      try plan.appendValue(fields, base, into: &out, holes: &holes)
      if index % 100 == 99 {
        written += out.count
        out.clear()
      }
    }
    return written + out.count
  }
}
