// SPDX-License-Identifier: Apache-2.0
import Etcd
import Logging
import Postgres
import Testing
import Wire

@testable import Daemon

/// Messages of pgoutput, as the server writes them.
private struct Log {
  static func begin(_ lsn: UInt64) -> [UInt8] {
    var out = ByteWriter()
    out.append(UInt8(ascii: "B"))
    out.append(bigEndian: lsn)
    out.append(bigEndian: Int64(0))
    out.append(bigEndian: UInt32(7))
    return out.bytes.array
  }

  static func commit(_ lsn: UInt64) -> [UInt8] {
    var out = ByteWriter()
    out.append(UInt8(ascii: "C"))
    out.append(UInt8(0))
    out.append(bigEndian: lsn)
    out.append(bigEndian: lsn + 8)
    out.append(bigEndian: Int64(0))
    return out.bytes.array
  }

  /// nil: null; "\u{0}": unchanged.
  private static func append(_ values: [String?], to out: inout ByteWriter) {
    out.append(bigEndian: Int16(values.count))
    for value in values {
      guard let value else {
        out.append(UInt8(ascii: "n"))
        continue
      }
      if value == "\u{0}" {
        out.append(UInt8(ascii: "u"))
      } else {
        out.append(UInt8(ascii: "t"))
        out.append(bigEndian: Int32(value.utf8.count))
        out.append(value)
      }
    }
  }

  static func insert(_ values: [String?]) -> [UInt8] {
    var out = ByteWriter()
    out.append("I" as StaticString)
    out.append(bigEndian: UInt32(1))
    out.append("N" as StaticString)
    append(values, to: &out)
    return out.bytes.array
  }

  static func update(old: [String?]? = nil, _ kind: Character = "K", new: [String?]) -> [UInt8] {
    var out = ByteWriter()
    out.append("U" as StaticString)
    out.append(bigEndian: UInt32(1))
    if let old {
      out.append(kind.asciiValue ?? 0)
      append(old, to: &out)
    }
    out.append("N" as StaticString)
    append(new, to: &out)
    return out.bytes.array
  }

  static func delete(_ key: [String?]) -> [UInt8] {
    var out = ByteWriter()
    out.append("D" as StaticString)
    out.append(bigEndian: UInt32(1))
    out.append("K" as StaticString)
    append(key, to: &out)
    return out.bytes.array
  }

  static var truncate: [UInt8] {
    var out = ByteWriter()
    out.append("T" as StaticString)
    out.append(bigEndian: Int32(1))
    out.append(UInt8(0))
    out.append(bigEndian: UInt32(1))
    return out.bytes.array
  }
}

@Suite struct StreamApplierTests {
  private func applier(
    resume lsn: UInt64 = 100, partial: PartialTransaction? = nil, from: UInt64 = 0, operationsMax: Int = 5000
  ) throws -> StreamApplier {
    let rows = try RowPlan(
      table: "public.t",
      columns: [
        RowPlan.Column(name: "id", type: 23), RowPlan.Column(name: "big", type: 25),
        RowPlan.Column(name: "n", type: 23),
      ], key: [0], keyPrefix: Array("/t/".utf8), types: TypeDirectory(), options: ValueOptions(),
      digest: { _, _ in })
    let shape = RelationShape(
      oid: 1, schema: "public", table: "t",
      columns: [("id", 23), ("big", 25), ("n", 23)].map { RelationShape.Column(name: $0.0, type: $0.1) })
    let registry = TableRegistry()
    registry.add(TablePlan(number: 0, shape: shape, rows: rows, storage: .json, appliesFrom: LSN(from)))
    let checkpoint = Checkpoint(
      phase: .sync, lsn: LSN(lsn), timeline: 1, systemIdentifier: "1", transaction: partial, instance: "a", slot: "s")
    return StreamApplier(
      tables: registry, limits: BatchLimits(operationsMax: operationsMax, bytesMax: 1_400_000),
      oversized: OversizedRows(policy: .stop, requestBytesMax: 1_500_000, log: Logger(label: "test")),
      resume: checkpoint, instance: "b")
  }

  @discardableResult
  private func feed(_ applier: StreamApplier, _ messages: [[UInt8]]) throws -> Flow {
    var flow = Flow.more
    for message in messages {
      let logical = try LogicalMessage(message.span.bytes)
      flow = try applier.receive(logical, walStart: LSN(0), walEnd: LSN(0), serverTime: ServerTime(unixMicroseconds: 0))
    }
    return flow
  }

  private func isEmpty(_ applier: StreamApplier) -> Bool { applier.batch.isEmpty }

  /// The live entries: key and value, or nil for a delete.
  private func entries(_ applier: StreamApplier) -> [String: String?] {
    var found: [String: String?] = [:]
    for (number, entry) in applier.batch.entries.enumerated() {
      let key = applier.batch.withKey(of: number) { String(decoding: $0) }
      let isLive = applier.batch.liveEntry(of: Array(key.utf8).span.bytes) == number
      guard isLive || entry.kind == .deletePrefix else { continue }
      found[key] = .some(
        entry.kind == .put || entry.kind == .unfilledPut
          ? applier.batch.withValue(of: number) { String(decoding: $0) } : nil)
    }
    return found
  }

  @Test func nothingIsSentOfATransactionThatMayStillFit() throws {
    let applier = try applier()
    try feed(applier, [Log.begin(200), Log.insert(["1", "a", "1"]), Log.insert(["2", "b", "2"])])
    #expect(applier.cut().boundary == 0)
    try feed(applier, [Log.commit(200)])
    let (boundary, checkpoint) = applier.cut()
    #expect(boundary == 2 && checkpoint.lsn == LSN(208) && checkpoint.transaction == nil)
    #expect(checkpoint.instance == "b")
  }

  @Test func whatFollowsInAnotherTransactionIsNotCutOff() throws {
    let applier = try applier()
    try feed(applier, [Log.begin(200), Log.insert(["1", "a", "1"]), Log.commit(200)])
    try feed(applier, [Log.begin(300), Log.insert(["1", "b", "2"])])
    let (boundary, checkpoint) = applier.cut()
    #expect(boundary == 1 && checkpoint.lsn == LSN(208))
  }

  @Test func aTransactionAboveARequestIsCutBetweenItsChangesAndResumed() throws {
    let first = try applier(operationsMax: 3)
    try feed(first, [Log.begin(200)] + (1...3).map { Log.insert(["\($0)", "a", "1"]) })
    #expect(try feed(first, [Log.insert(["4", "a", "1"])]) == .pause)
    #expect(first.need == .room)
    let (boundary, checkpoint) = first.cut()
    #expect(boundary == 3 && checkpoint.lsn == LSN(100))
    #expect(checkpoint.transaction == PartialTransaction(lsn: LSN(200), applied: 3))
    // After a crash the source sends it again from its beginning.
    let second = try applier(partial: checkpoint.transaction)
    try feed(second, [Log.begin(200)] + (1...5).map { Log.insert(["\($0)", "a", "1"]) } + [Log.commit(200)])
    #expect(Set(entries(second).keys) == ["/t/4", "/t/5"])
  }

  @Test func whatCommitsBeforeThePositionIsSkipped() throws {
    let applier = try applier(resume: 250)
    try feed(applier, [Log.begin(200), Log.insert(["1", "a", "1"]), Log.commit(200)])
    #expect(isEmpty(applier))
    try feed(applier, [Log.begin(250), Log.insert(["2", "a", "1"]), Log.commit(250)])
    #expect(Array(entries(applier).keys) == ["/t/2"])
  }

  @Test func whatIsInTheTablesDumpIsSkipped() throws {
    let applier = try applier(from: 300)
    try feed(applier, [Log.begin(200), Log.insert(["1", "a", "1"]), Log.truncate, Log.commit(200)])
    #expect(isEmpty(applier) && applier.completeLSN == LSN(208))
  }

  @Test func S17_twoRowsSwapTheirKeys() throws {
    let applier = try applier()
    try feed(
      applier,
      [
        Log.begin(200),
        Log.update(old: ["1", nil, nil], new: ["3", "one", "1"]),
        Log.update(old: ["2", nil, nil], new: ["1", "two", "2"]),
        Log.update(old: ["3", nil, nil], new: ["2", "one", "1"]), Log.commit(200),
      ])
    #expect(
      entries(applier) == [
        "/t/1": #"{"id":1,"big":"two","n":2}"#, "/t/2": #"{"id":2,"big":"one","n":1}"#, "/t/3": nil,
      ])
  }

  @Test func S13_unchangedValueIsTakenFromWhereItIs() throws {
    let applier = try applier()
    // From the old row, under REPLICA IDENTITY FULL.
    try feed(applier, [Log.begin(200), Log.update(old: ["1", "old", "1"], "O", new: ["1", "\u{0}", "2"])])
    #expect(entries(applier)["/t/1"] == #"{"id":1,"big":"old","n":2}"#)
    // From an earlier entry of the batch, also through a change of the key.
    try feed(applier, [Log.update(old: ["1", nil, nil], new: ["5", "\u{0}", "3"])])
    #expect(entries(applier)["/t/5"] == #"{"id":5,"big":"old","n":3}"#)
    #expect(entries(applier)["/t/1"] == .some(nil))
    // From etcd: the key that holds it is remembered, through further changes.
    try feed(
      applier, [Log.update(new: ["7", "\u{0}", "1"]), Log.update(old: ["7", nil, nil], new: ["8", "\u{0}", "2"])])
    try feed(applier, [Log.commit(200)])
    let waiting = applier.batch.unfilledPuts(before: applier.batch.entries.count)
    #expect(waiting.map { String(decoding: $0.sourceKey, as: UTF8.self) } == ["/t/7"])
    #expect(waiting.first?.holes == [ValueHole(column: 1, offset: 14)])
  }

  @Test func S16_truncateThenInsert() throws {
    let applier = try applier()
    try feed(applier, [Log.begin(200), Log.insert(["1", "a", "1"]), Log.truncate, Log.insert(["2", "b", "2"])])
    try feed(applier, [Log.commit(200)])
    #expect(entries(applier)["/t/"] == .some(nil))
    #expect(entries(applier)["/t/2"] == #"{"id":2,"big":"b","n":2}"#)
  }

  @Test func aTableNotMetBeforeIsAskedFor() throws {
    let applier = try applier()
    var out = ByteWriter()
    out.append("R" as StaticString)
    out.append(bigEndian: UInt32(2))
    out.append(cString: "public")
    out.append(cString: "new")
    out.append("d" as StaticString)
    out.append(bigEndian: Int16(0))
    #expect(try feed(applier, [Log.begin(200), out.bytes.array]) == .pause)
    guard case .relation(let shape) = applier.need else {
      Issue.record("no table is asked for")
      return
    }
    #expect(shape.name == "public.new")
  }

  @Test func aChangeOutsideATransactionIsAViolation() throws {
    let applier = try applier()
    #expect(throws: PipelineFailure.self) { try feed(applier, [Log.insert(["1", "a", "1"])]) }
  }
}
