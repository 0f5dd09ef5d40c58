// SPDX-License-Identifier: Apache-2.0
//
// Rows of about 250 bytes in memory become the puts of an open batch: how many a second, on one core.
//
//   Transcode copy   [ROWS] [ROUNDS]     lines of COPY
//   Transcode stream [ROWS] [ROUNDS]     a replication stream: CopyData, XLogData, Begin, 100 Inserts, Commit
//   Transcode values [ROWS] [ROUNDS]     the same stream; keys and values are written, but into no batch
//   Transcode dump   [ROWS] [ROUNDS]     what mysqldump writes: rows with the bytes of their literals, and no more
//   Transcode events [ROWS] [ROUNDS]     the binary log BENCH_LOG of the MySQL or MariaDB server on port BENCH_PORT
//
// Prints a line a round. Instructions and allocations a row are the difference of two runs under valgrind with another
// number of ROUNDS (tools/bench/measure.sh).
import Daemon
import Glibc
import Wire

let kind = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "stream"
let rowCount = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 500_000 : 500_000
let rounds = CommandLine.arguments.count > 3 ? Int(CommandLine.arguments[3]) ?? 5 : 5

let columns: [RowPlan.Column] = [
  .init(name: "id", type: 20), .init(name: "quantity", type: 23), .init(name: "title", type: 25),
  .init(name: "description", type: 25), .init(name: "price", type: 1700), .init(name: "active", type: 16),
  .init(name: "updated_at", type: 1184), .init(name: "attributes", type: 3802),
]
let plan = try RowPlan(
  table: "public.products", columns: columns, key: [0], keyPrefix: Array("/sync/public/products/".utf8),
  types: TypeDirectory(), options: ValueOptions())

func report(_ bytesIn: Int, _ bytesOut: Int, _ elapsed: Double) {
  let rate = Int(Double(rowCount) / elapsed)
  let nanoseconds = Int(elapsed * 1e9 / Double(rowCount))
  print("\(kind) \(rate) rows/s, \(nanoseconds) ns a row, \(bytesIn / rowCount) bytes in, \(bytesOut / rowCount) out")
}

switch kind {
case "events":
  let log = try LogFile(rowsMax: rowCount)
  guard log.rows == rowCount else {
    print("the log has \(log.rows) rows")
    exit(1)
  }
  for _ in 0..<rounds {
    let start = seconds()
    let written = try log.transcode()
    report(log.byteCount, written, seconds() - start)
  }
case "dump":
  let dump = DumpFileBytes(of: CopyLines(count: rowCount))
  for _ in 0..<rounds {
    let start = seconds()
    let written = try dump.read()
    report(dump.byteCount, written, seconds() - start)
  }
case "copy":
  let lines = CopyLines(count: rowCount)
  for _ in 0..<rounds {
    let start = seconds()
    let written = try lines.transcode(plan)
    report(lines.byteCount, written, seconds() - start)
  }
case "stream", "values":
  let lines = CopyLines(count: rowCount)
  let stream = try LogBytes(of: lines, transactionRows: 100)
  for _ in 0..<rounds {
    let (written, elapsed) = kind == "stream" ? try stream.transcode(plan) : try stream.writeRows(plan)
    report(stream.byteCount, written, elapsed)
  }
default:
  print("usage: Transcode copy|stream|values|dump|events [ROWS] [ROUNDS]")
  exit(64)
}
