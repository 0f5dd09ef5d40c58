// SPDX-License-Identifier: Apache-2.0
//
//   COPY, or lines ─▶ requests, all of them in memory, as the daemon makes them ─▶ (the clock starts) one after the other
import Daemon
import Etcd
import Glibc
import Postgres
import Wire

/// A client that does nothing but send: what this etcd takes over one ordered lane.
final class Sender: CopySink {
  private let servers: Servers
  private let prefix: String
  private let plan: RowPlan
  private var line = CopyTextLine()
  private var holes: [ValueHole] = []
  private var batch = TransactionBatch()
  private var builder = TransactionBuilder(nesting: TransactionNesting(operationsMax: 128))
  private var spare = TransactionBatch()
  private var requests: [RequestBody] = []
  private var rows = 0
  private var bytes = 0
  private var version: Int64 = 0
  private var checkpointKey: [UInt8] { Array("/_sync/\(prefix)/checkpoint".utf8) }

  init(_ servers: Servers, prefix: String) throws {
    self.servers = servers
    self.prefix = prefix
    let columns: [RowPlan.Column] = [
      .init(name: "id", type: 20), .init(name: "quantity", type: 23), .init(name: "title", type: 25),
      .init(name: "description", type: 25), .init(name: "price", type: 1700), .init(name: "active", type: 16),
      .init(name: "updated_at", type: 1184), .init(name: "attributes", type: 3802),
    ]
    plan = try RowPlan(
      table: "public.items", columns: columns, key: [0], keyPrefix: Array("/\(prefix)/public/items/".utf8),
      types: TypeDirectory(), options: ValueOptions(), digest: { _, _ in })
  }

  func run(_ query: String) throws {
    try readVersion()
    try read(query)
    try send()
  }

  /// Rows that are keys and values already.
  func run(_ rows: any RowSource) throws {
    try readVersion()
    while case let page = try rows.next(4000), !page.isEmpty {
      for row in page {
        batch.beginChange()
        _ = batch.put(
          bytesMax: 1 << 20, key: { $0.append(row.key) }, value: { $0.append(row.value) })
        count(row.key.count + row.value.count)
      }
    }
    if !batch.isEmpty { finish() }
    try send()
  }

  private func readVersion() throws {
    let found = try servers.etcd.range(RangeRequest(key: checkpointKey), deadline: .after(.seconds(10)))
    version = found.first?.version ?? 0
  }

  private func count(_ rowBytes: Int) {
    rows += 1
    bytes += rowBytes
    if batch.liveOperations >= RequestTarget.operations || batch.liveBytes >= RequestTarget.bytes { finish() }
  }

  private func send() throws {
    let started = (now(), now(CLOCK_PROCESS_CPUTIME_ID))
    for request in requests { try finish(try begin(request)) }
    let seconds = now() - started.0
    let busy = now(CLOCK_PROCESS_CPUTIME_ID) - started.1
    print("\(rows) \(text(seconds, decimals: 3)) \(requests.count) \(bytes) \(text(busy, decimals: 3))")
  }

  private func begin(_ request: RequestBody) throws -> CallID {
    try servers.etcd.connect(deadline: .after(.seconds(10)))
    return try servers.etcd.begin(transaction: request, deadline: .after(.seconds(30)))
  }

  private func finish(_ call: CallID) throws {
    let client = servers.etcd
    let outcome = servers.loop.pump(until: .after(.seconds(30))) { client.outcome(of: call) }
    guard case .success(let answer)? = outcome, answer.succeeded else {
      fail("a request failed: \(outcome, default: "no answer")")
    }
  }

  private func read(_ query: String) throws {
    let connection = try servers.openPostgres()
    try connection.beginCopyOut("COPY (\(query)) TO STDOUT", deadline: .after(.seconds(60)))
    var sink = self
    while true {
      let result = try connection.drainCopy(into: &sink)
      if case .finished = result { break }
      try servers.loop.turn(until: .after(.milliseconds(100)))
    }
    if !batch.isEmpty { finish() }
    connection.close()
  }

  func receive(_ data: RawSpan) throws(WireError) -> Flow {
    batch.beginChange()
    try line.split(data)
    do throws(RowError) {
      try Self.enter(line, data, plan, &batch, &holes)
    } catch {
      throw WireError(.badValue("row"), offset: 0, context: "COPY")
    }
    count(data.byteCount)
    return .more
  }

  private static func enter(
    _ line: borrowing CopyTextLine, _ data: RawSpan, _ plan: RowPlan, _ batch: inout TransactionBatch,
    _ holes: inout [ValueHole]
  ) throws(RowError) {
    let base = line.base(of: data)
    let fields = line.fields
    _ = try batch.put(
      bytesMax: 1 << 20,
      key: { (out) throws(RowError) in try plan.appendKey(fields, base, into: &out) },
      value: { (out) throws(RowError) in try plan.appendValue(fields, base, into: &out, holes: &holes) })
  }

  /// The open batch as one more request, guarded like the daemon's.
  private func finish() {
    let checkpoint = Checkpoint(
      phase: .sync, lsn: LSN(UInt64(rows)), timeline: 1, systemIdentifier: "7000000000000000000", transaction: nil,
      instance: "0123456789abcdef", slot: "bench")
    let request = RequestBody()
    builder.build(
      batch, before: batch.entries.count,
      guards: [TransactionGuard(key: checkpointKey, target: .version, equals: version)],
      puts: [(key: checkpointKey, value: checkpoint.encoded(updatedAt: .now))], into: request)
    batch.handOver(before: batch.entries.count, to: request, using: &spare)
    version += 1
    requests.append(request)
  }
}
