// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@testable import Etcd

/// What a built request would do, read from its bytes: every operation with the length of the path that leads to it.
struct RequestModel {
  var puts: [String: String] = [:]
  var deletes: Set<String> = []
  var ranges: [(from: String, to: String)] = []
  var guards = 0
  var pathOperationsMax = 0
  var duplicate: String?

  init(_ body: RawSpan) throws {
    try walk(body, outer: 0)
  }

  private mutating func walk(_ body: RawSpan, outer: Int) throws {
    var operations: [[UInt8]] = []
    var reader = ByteReader(body)
    while !reader.isAtEnd {
      let tag = try reader.varint()
      let field = try reader.bytes(Int(try reader.varint())).array
      if tag == 0x0A { guards += 1 } else { operations.append(field) }
    }
    let path = outer + operations.count
    pathOperationsMax = max(pathOperationsMax, path)
    for operation in operations { try apply(operation, path: path) }
  }

  private mutating func apply(_ operation: [UInt8], path: Int) throws {
    var reader = ByteReader(operation.span.bytes)
    let tag = try reader.varint()
    let inner = try reader.bytes(Int(try reader.varint()))
    try reader.end("RequestOp")
    if tag == 0x22 { return try walk(inner, outer: path) }
    var fields = ByteReader(inner)
    var texts: [UInt64: String] = [:]
    while !fields.isAtEnd {
      texts[try fields.varint()] = String(decoding: try fields.bytes(Int(try fields.varint())))
    }
    let key = texts[0x0A] ?? ""
    if tag == 0x12 {
      if puts.updateValue(texts[0x12] ?? "", forKey: key) != nil { duplicate = key }
    } else if let end = texts[0x12] {
      ranges.append((key, end))
    } else {
      deletes.insert(key)
    }
  }

  /// Whether etcd would refuse it: a range over a key that is put.
  var rangeCoversPut: Bool { ranges.contains { range in puts.keys.contains { $0 >= range.from && $0 < range.to } } }
}

@Suite struct TransactionBatchTests {
  private func put(_ batch: inout TransactionBatch, _ key: String, _ value: String) {
    batch.beginChange()
    let entered = batch.put(bytesMax: 1 << 20, key: { $0.append(key) }, value: { $0.append(value) })
    #expect(entered)
  }

  private func model(_ batch: borrowing TransactionBatch, before boundary: Int, operationsMax: Int = 128) throws
    -> RequestModel
  {
    let body = RequestBody()
    var builder = TransactionBuilder(nesting: TransactionNesting(operationsMax: operationsMax))
    builder.build(
      batch, before: boundary, guards: [TransactionGuard(key: [1], target: .version, equals: 7)],
      puts: [(key: Array("checkpoint".utf8), value: Array("{}".utf8))], into: body)
    var request = ByteWriter()
    for part in body.parts {
      let range = part.offset..<(part.offset + part.length)
      if part.isOwn {
        body.own.withBytes { request.append($0.extracting(range)) }
      } else {
        batch.withBytes { request.append($0.extracting(range)) }
      }
    }
    #expect(request.count == body.count)
    return try RequestModel(request.bytes.extracting(GRPCPrefix.size..<request.count))
  }

  @Test func lastStateOfAKeyIsSent() throws {
    var batch = TransactionBatch()
    put(&batch, "a", "1")
    put(&batch, "b", "1")
    put(&batch, "a", "2")
    batch.beginChange()
    batch.delete { $0.append("b") }
    batch.endTransaction()
    let model = try model(batch, before: batch.entries.count)
    #expect(model.puts == ["a": "2", "checkpoint": "{}"])
    #expect(model.deletes == ["b"])
    #expect(model.guards == 1 && model.duplicate == nil)
  }

  @Test(arguments: [1, 126, 127, 128, 129, 1024, 4032, 4033, 8000, 20_000])
  func nestingKeepsEveryPathWithinTheLimit(count: Int) throws {
    var batch = TransactionBatch()
    for number in 0..<count { put(&batch, "k\(number)", "v\(number)") }
    batch.endTransaction()
    let model = try model(batch, before: batch.entries.count)
    #expect(model.puts.count == count + 1)
    #expect(model.pathOperationsMax <= 128)
  }

  @Test(arguments: [6, 7, 10, 64, 1000])
  func nestingHoldsForOtherLimits(operationsMax: Int) throws {
    let nesting = TransactionNesting(operationsMax: operationsMax)
    let count = min(nesting.capacity(leading: 1), 5000)
    var batch = TransactionBatch()
    for number in 0..<count { put(&batch, "k\(number)", "v") }
    let model = try model(batch, before: count, operationsMax: operationsMax)
    #expect(model.puts.count == count + 1)
    #expect(model.pathOperationsMax <= operationsMax)
  }

  @Test func truncateLeavesRoomForWhatFollows() throws {
    var batch = TransactionBatch()
    put(&batch, "/t/old", "1")
    put(&batch, "/u/other", "1")
    batch.beginChange()
    batch.delete(prefix: Array("/t/".utf8))
    for key in ["/t/b", "/t/a", "/t/b\u{1}", "/t/"] { put(&batch, key, "new") }
    batch.endTransaction()
    let model = try model(batch, before: batch.entries.count)
    #expect(Set(model.puts.keys) == ["/t/a", "/t/b", "/t/b\u{1}", "/t/", "/u/other", "checkpoint"])
    #expect(!model.rangeCoversPut)
    for gone in ["/t/old", "/t/a\u{0}", "/t/aa", "/t/zzz", "/t/\u{1}"] {
      #expect(model.ranges.contains { gone >= $0.from && gone < $0.to }, "\(gone) is deleted")
    }
    #expect(!model.ranges.contains { "/u/x" >= $0.from && "/u/x" < $0.to })
  }

  @Test func headIsSentAsItWasBeforeTheTail() throws {
    var batch = TransactionBatch()
    put(&batch, "a", "1")
    put(&batch, "b", "1")
    batch.endTransaction()
    let boundary = batch.transactionStart
    put(&batch, "a", "2")
    put(&batch, "c", "2")
    #expect(try model(batch, before: boundary).puts == ["a": "1", "b": "1", "checkpoint": "{}"])
    var other = TransactionBatch()
    batch.moveTail(from: boundary, to: &other)
    #expect(batch.liveOperations == 2)
    #expect(try model(batch, before: batch.entries.count).puts == ["a": "1", "b": "1", "checkpoint": "{}"])
    #expect(other.transactionStart == 0 && other.changeStart == 1)
    #expect(try model(other, before: other.entries.count).puts == ["a": "2", "c": "2", "checkpoint": "{}"])
    put(&other, "a", "3")
    #expect(try model(other, before: other.entries.count).puts == ["a": "3", "c": "2", "checkpoint": "{}"])
  }

  @Test func tenThousandChangesToOneKeyStayOneOperation() throws {
    var batch = TransactionBatch()
    put(&batch, "kept", "1")
    put(&batch, "hot", "0")
    batch.endTransaction()
    let value = String(repeating: "x", count: 1000)
    for number in 1...20_000 {
      put(&batch, "hot", "\(number)\(value)")
      batch.beginChange()
      if batch.isWorthCompacting { batch.compact() }
    }
    #expect(batch.entries.count < 20_000, "compacted at least once")
    #expect(batch.liveOperations == 2)
    let head = try model(batch, before: batch.transactionStart)
    #expect(head.puts == ["kept": "1", "hot": "0", "checkpoint": "{}"])
    #expect(try model(batch, before: batch.entries.count).puts["hot"] == "20000\(value)")
  }

  @Test func putsWithHolesAreFilled() throws {
    var batch = TransactionBatch()
    put(&batch, "a", "{}")
    batch.markLastUnfilled(table: 1, sourceKey: Array("a".utf8), holes: [ValueHole(column: 0, offset: 1)])
    put(&batch, "b", "1")
    let waiting = batch.unfilledPuts(before: batch.entries.count)
    #expect(waiting.map(\.entry) == [0])
    let filled = try batch.fill(waiting[0], bytesMax: 1000) { (partial, into) throws(WireError) in
      into.append(partial.extracting(0..<1))
      into.append("\"x\":1")
      into.append(partial.extracting(1..<partial.byteCount))
    }
    #expect(filled && batch.unfilledPuts(before: batch.entries.count).isEmpty)
    #expect(try model(batch, before: 2).puts["a"] == "{\"x\":1}")
  }

  @Test func oversizedRowIsNotEntered() {
    var batch = TransactionBatch()
    let entered = batch.put(
      bytesMax: 100, key: { $0.append("k") }, value: { $0.append(String(repeating: "x", count: 200)) })
    #expect(!entered && batch.isEmpty && batch.liveOperations == 0)
  }
}
