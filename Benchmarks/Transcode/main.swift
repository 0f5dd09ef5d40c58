// SPDX-License-Identifier: Apache-2.0
//
// Rows of about 250 bytes in memory become etcd keys and JSON values: how many a second, on one core.
//
//   Transcode [ROWS] [ROUNDS]          prints one line a round; count allocations with a preloaded malloc counter or
//                                      `valgrind`, for two different ROUNDS: the difference is what a row costs
import Daemon
import Glibc
import Wire

let rowCount = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 1_000_000 : 1_000_000
let rounds = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 5 : 5

let columns: [RowPlan.Column] = [
  .init(name: "id", type: 20), .init(name: "quantity", type: 23), .init(name: "title", type: 25),
  .init(name: "description", type: 25), .init(name: "price", type: 1700), .init(name: "active", type: 16),
  .init(name: "updated_at", type: 1184), .init(name: "attributes", type: 3802),
]
let plan = try RowPlan(
  table: "public.products", columns: columns, key: [0], keyPrefix: Array("/sync/public/products/".utf8),
  types: TypeDirectory(), options: ValueOptions())

func seconds() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

func report(_ name: String, _ rows: Int, _ bytesIn: Int, _ bytesOut: Int, _ elapsed: Double) {
  let rate = Double(rows) / elapsed / 1e6
  let nanoseconds = elapsed * 1e9 / Double(rows)
  print(
    "\(name): \(rows) rows, \(bytesIn / rows) bytes in, \(bytesOut / rows) out,"
      + " \(Int(nanoseconds)) ns a row, \(Int(rate * 100).quotientAndRemainder(dividingBy: 100).quotient)."
      + "\(String(Int(rate * 100) % 100 + 100).dropFirst()) M rows/s")
}

let lines = CopyLines(count: rowCount)
for _ in 0..<rounds {
  let start = seconds()
  let written = try lines.transcode(plan)
  report("COPY text to key and JSON", rowCount, lines.byteCount, written, seconds() - start)
}
let inserts = try InsertMessages(lines)
for _ in 0..<rounds {
  let start = seconds()
  let written = try inserts.transcode(plan)
  report("pgoutput to key and JSON", rowCount, inserts.byteCount, written, seconds() - start)
}
