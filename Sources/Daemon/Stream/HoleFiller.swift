// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Wire

/// A table whose rows the log may carry in part.
protocol SplicedTable: AnyObject {
  var reference: TableReference { get }
  /// Writes `value` with its holes filled from `earlier`; what both lack stays a hole of the result.
  func splice(
    _ value: RawSpan, _ holes: Span<ValueHole>, over earlier: RawSpan, _ earlierHoles: Span<ValueHole>,
    into out: inout ByteWriter, unresolved: inout [ValueHole]
  ) throws(WireError)
}

extension SplicedTable {
  var name: String { reference.name }
}

/// Fills the values that the log left out from what their keys hold in etcd, just before a request is sent: nothing is
/// under way then, so that etcd has all that comes before the request.
final class HoleFiller {
  /// Keys that one transaction of reads asks for: `--max-txn-ops` is at least as much.
  private let keysPerRequest: Int
  private let client: EtcdClient
  private let table: (Int) -> any SplicedTable
  private let requestTimeout: Duration
  private let rowBytesMax: Int
  private let requestBytesMax: Int
  private let oversized: OversizedRows
  private let askSource: AskSource

  /// Asks the source for columns of rows by their keys: nil for a row that is no longer there, nil for all of them if
  /// that cannot be asked.
  typealias AskSource = (
    _ table: Int, _ columns: [Int], _ keys: [[UInt8]]
  ) throws(PipelineFailure) -> [[UInt8]: KnownColumns?]?

  init(
    client: EtcdClient, table: @escaping (Int) -> any SplicedTable, requestTimeout: Duration, operationsMax: Int,
    limits: BatchLimits, oversized: OversizedRows,
    askSource: @escaping AskSource = { (_, _, _) throws(PipelineFailure) in nil }
  ) {
    self.askSource = askSource
    self.client = client
    self.table = table
    self.requestTimeout = requestTimeout
    keysPerRequest = max(1, min(operationsMax, 32))
    rowBytesMax = limits.rowBytesMax
    requestBytesMax = limits.bytesMax
    self.oversized = oversized
  }

  /// Fills what a request of the entries before `boundary` needs. How large the values are is known only now: the place
  /// at which the request must end instead, if they are too large for one.
  func fill(_ batch: inout TransactionBatch, before boundary: Int) throws(PipelineFailure) -> CutPlace? {
    if batch.unfilled.isEmpty { return nil }
    let puts = batch.unfilledPuts(before: boundary)
    var total = batch.bytes(before: boundary)
    if total > requestBytesMax, let first = puts.first {
      if let place = placeBetween(in: batch, behind: first, before: boundary) { return place }
      if let place = place(in: batch, before: boundary) { return place }
    }
    var start = 0
    while start < puts.count {
      let part = puts[start..<min(start + keysPerRequest, puts.count)]
      let values = try read(part.map(\.sourceKey))
      let answers = try ask(for: zip(part, values).filter { $1 == nil }.map { $0.0 }, batch)
      for (put, value) in zip(part, values) {
        total -= batch.bytes(of: put.entry)
        if let value {
          try fill(put, from: KnownColumns(value: value), "the value of a row in etcd", &batch)
        } else if let answer = answers[put.entry] {
          try fill(put, from: answer, &batch)
        } else {
          try giveUp(put, &batch)
        }
        total += batch.bytes(of: put.entry)
        guard total > requestBytesMax else { continue }
        if let place = placeBetween(in: batch, behind: put, before: boundary) { return place }
        if let place = place(in: batch, before: min(boundary, put.entry + 1)) { return place }
        // Nothing is before it: what follows it can go with the next request.
        if let place = place(in: batch, before: boundary) { return place }
      }
      start += part.count
    }
    return nil
  }

  /// The last place between two transactions at which a request can end so that it is small enough: a transaction that
  /// fits in one is not torn because others are in the batch behind it.
  private func placeBetween(
    in batch: borrowing TransactionBatch, behind put: UnfilledPut, before boundary: Int
  ) -> CutPlace? {
    let ends = batch.unfilled.compactMap(\.placeAtEnd) + [put.placeAtEnd].compactMap { $0 }
    return ends.filter { end in
      end.changeStart > 0 && end.changeStart < boundary && batch.bytes(before: end.changeStart) <= requestBytesMax
    }.max { $0.changeStart < $1.changeStart }
  }

  /// The last place at which a request can end so that it is small enough.
  private func place(in batch: borrowing TransactionBatch, before boundary: Int) -> CutPlace? {
    for put in batch.unfilled.reversed() {
      for place in [put.placeBehind, put.place] {
        guard let place, place.changeStart > 0, place.changeStart < boundary else { continue }
        if batch.bytes(before: place.changeStart) <= requestBytesMax { return place }
      }
    }
    return nil
  }

  /// By entry what the source has of rows of which etcd has no value: new ones, and those that were left out because
  /// they had gone from the source when it was asked.
  private func ask(
    for puts: [UnfilledPut], _ batch: borrowing TransactionBatch
  ) throws(PipelineFailure) -> [Int: KnownColumns?] {
    var answers: [Int: KnownColumns?] = [:]
    for number in Set(puts.map(\.table)) {
      let puts = puts.filter { $0.table == number }
      let keys = puts.map { put in batch.withKey(of: put.entry) { $0.array } }
      let columns = Set(puts.flatMap { $0.holes.map(\.column) }).sorted()
      guard let found = try askSource(number, columns, keys) else { continue }
      for (put, key) in zip(puts, keys) { answers[put.entry] = .some(found[key] ?? nil) }
    }
    return answers
  }

  /// A row that the source no longer has is left out: what became of it comes later in its log.
  private func fill(
    _ put: UnfilledPut, from answer: KnownColumns?, _ batch: inout TransactionBatch
  ) throws(PipelineFailure) {
    guard let answer else { return batch.turnIntoDelete(put) }
    // What the source has has changed already.
    var put = put
    for index in put.holes.indices { put.holes[index].change = 0 }
    try fill(put, from: answer, "what the source has of a row", &batch)
  }

  /// Neither etcd nor the source has what is missing.
  private func giveUp(_ put: UnfilledPut, _ batch: inout TransactionBatch) throws(PipelineFailure) {
    let table = self.table(put.table)
    guard oversized.areSkipped else {
      throw .redump([table.reference], "etcd holds no value for a row whose change the log carries only in part")
    }
    // The row was left out when it was dumped or inserted, and what makes it large has not changed.
    try oversized.met(table: table.name, key: String(decoding: put.sourceKey, as: UTF8.self))
    batch.turnIntoDelete(put)
  }

  private func fill(
    _ put: UnfilledPut, from known: KnownColumns, _ what: String, _ batch: inout TransactionBatch
  ) throws(PipelineFailure) {
    let table = self.table(put.table)
    var unresolved: [ValueHole] = []
    var isEntered = false
    do throws(WireError) {
      isEntered = try batch.fill(put, bytesMax: rowBytesMax) { (partial, out) throws(WireError) in
        try unsafe table.splice(
          partial, put.holes.span, over: known.value.span.bytes, known.holes.span, into: &out, unresolved: &unresolved)
      }
    } catch {
      throw .redump([table.reference], "\(what) is not the JSON that was put there (\(error))")
    }
    if !isEntered {
      try oversized.met(table: table.name, key: batch.withKey(of: put.entry) { String(decoding: $0) })
      return batch.turnIntoDelete(put)
    }
    guard unresolved.isEmpty else {
      throw .redump([table.reference], "\(what) lacks a column that the log leaves out")
    }
  }

  /// The keys' present values, in order; nil where there is no such key.
  private func read(_ keys: [[UInt8]]) throws(PipelineFailure) -> [[UInt8]?] {
    var request = TxnRequest()
    request.success = keys.map { .range(RangeRequest(key: $0.isEmpty ? [0] : $0)) }
    do throws(EtcdError) {
      let answer = try client.transact(request, deadline: .after(requestTimeout))
      return answer.responses.map { response in
        guard case .range(let range) = response else { return nil }
        return range.first?.value
      }
    } catch {
      throw .sink(error)
    }
  }
}
