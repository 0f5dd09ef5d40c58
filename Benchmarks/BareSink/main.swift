// SPDX-License-Identifier: Apache-2.0
//
// How fast etcd takes finished requests: the limit that `syncd` is measured against.
//
//   BareSink HOST:PORT PREFIX <LINES      each line is a key's last part, a tab, and the value
//
// All requests are built before the clock starts; then they go one after the other, each guarded and with a checkpoint,
// as the daemon sends them.
import Etcd
import Glibc
import Wire

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  print("BareSink HOST:PORT PREFIX <LINES")
  exit(64)
}
let checkpoint = Array("/_bare/checkpoint".utf8)
let rowsMax = 1024
let bytesMax = 1_000_000

/// Guards and checkpoint are those of request `number`.
func request(_ batch: borrowing TransactionBatch, rows: Int, number: Int) -> [UInt8] {
  var builder = TransactionBuilder(nesting: TransactionNesting(operationsMax: 128))
  var body = ByteWriter()
  let position = Array("{\"request\":\(number)}".utf8)
  builder.build(
    batch, before: rows, guards: [TransactionGuard(key: checkpoint, target: .version, equals: Int64(number))],
    puts: [(key: checkpoint, value: position)], into: &body)
  return body.withBytes { span in span.withUnsafeBytes { Array($0) } }
}

var requests: [[UInt8]] = []
var batch = TransactionBatch()
var rows = 0
var bytes = 0
var rowsTotal = 0
while let line = readLine() {
  guard let tab = line.firstIndex(of: "\t") else { continue }
  let key = arguments[2] + line[..<tab]
  let value = line[line.index(after: tab)...]
  _ = batch.put(bytesMax: bytesMax, key: { $0.append(key) }, value: { $0.append(String(value)) })
  rows += 1
  rowsTotal += 1
  bytes += key.utf8.count + value.utf8.count
  if rows == rowsMax || bytes > bytesMax - 10_000 {
    requests.append(request(batch, rows: rows, number: requests.count))
    batch.clear()
    (rows, bytes) = (0, 0)
  }
}
if rows > 0 { requests.append(request(batch, rows: rows, number: requests.count)) }

let loop = try PollLoop()
let client = EtcdClient(EtcdConfiguration(endpoints: [arguments[1]]), loop: loop)
try client.connect(deadline: .after(.seconds(10)))
let clock = ContinuousClock()
let start = clock.now
for (number, body) in requests.enumerated() {
  let deadline = Deadline.after(.seconds(30))
  let call = try client.begin(transaction: body.span.bytes, deadline: deadline)
  var outcome: Result<TxnOutcome, EtcdError>?
  repeat {
    try loop.turn(until: deadline)
    outcome = client.outcome(of: call)
  } while outcome == nil
  guard try outcome?.get().succeeded == true else {
    print("request \(number) was refused by its guard: is the store fresh?")
    exit(1)
  }
}
let elapsed = start.duration(to: clock.now)
let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
print("\(rowsTotal) rows in \(requests.count) requests, \(Int(seconds * 1000)) ms")
