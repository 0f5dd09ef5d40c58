// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Etcd
@testable import Wire

/// Requests that are sent from where their rows were written.
@Suite struct RequestBodyTests {
  private struct Scene: ~Copyable {
    var batch = TransactionBatch()
    var spare = TransactionBatch()
    var builder = TransactionBuilder(nesting: TransactionNesting(operationsMax: 16))

    mutating func put(_ numbers: Range<Int>, _ value: String) {
      for number in numbers {
        batch.beginChange()
        _ = batch.put(
          bytesMax: 1 << 20, key: { $0.append("key \(number)") }, value: { $0.append("\(value) of \(number)") })
      }
    }

    mutating func request(before boundary: Int, into body: RequestBody) {
      builder.build(
        batch, before: boundary, guards: [TransactionGuard(key: [1], target: .version, equals: 7)],
        puts: [(key: Array("checkpoint".utf8), value: Array("{}".utf8))], into: body)
      batch.handOver(before: boundary, to: body, using: &spare)
    }
  }

  /// What a server hears, as a request; nil if its prefix says otherwise.
  private func model(_ heard: [UInt8]) throws -> RequestModel? {
    var reader = unsafe ByteReader(heard.span.bytes)
    let prefix = try GRPCPrefix(from: &reader)
    guard !prefix.isCompressed, prefix.length == reader.remaining else { return nil }
    return try RequestModel(try reader.bytes(prefix.length))
  }

  private func expected(_ numbers: Range<Int>, _ value: String) -> [String: String] {
    var puts = Dictionary(uniqueKeysWithValues: numbers.map { ("key \($0)", "\(value) of \($0)") })
    puts["checkpoint"] = "{}"
    return puts
  }

  @Test(arguments: [1 << 20, 1000, 7, 1]) func arrivesWhateverIsHeldBack(window: Int) throws {
    let pair = try Pair([.init(.initialWindowSize, UInt32(window))])
    var scene = Scene()
    scene.put(0..<100, "first")
    let body = RequestBody()
    scene.request(before: 100, into: body)
    // Written while the other is on its way.
    scene.put(100..<200, "second")
    let stream = pair.open()
    pair.client.send(body, on: stream)
    for _ in 0..<(body.count / window + 1) {
      try pair.exchange()
      pair.server.windowUpdate(1, window)
    }
    #expect(try model(pair.server.body(of: 1))?.puts == expected(0..<100, "first"))
    #expect(stream.unsentBytes == 0 && stream.isLocalClosed)
    // The same again, as after an answer that was lost.
    pair.client.send(body, on: pair.open())
    for _ in 0..<(body.count / window + 1) {
      try pair.exchange()
      pair.server.windowUpdate(3, window)
    }
    #expect(pair.server.body(of: 3) == pair.server.body(of: 1))
  }

  /// Buffers go round: nothing of a request shows in another.
  @Test func whatIsCutOffStaysInTheBatch() throws {
    let pair = try Pair([.init(.initialWindowSize, 1 << 20)])
    var scene = Scene()
    let body = RequestBody()
    for round in 0..<5 {
      let value = "round \(round)"
      scene.put(0..<50, value)
      scene.batch.endTransaction()
      let boundary = scene.batch.transactionStart
      scene.put(25..<75, "after \(round)")
      scene.request(before: boundary, into: body)
      pair.client.send(body, on: pair.open())
      try pair.exchange()
      let id = UInt32(round * 4 + 1)
      #expect(try model(pair.server.body(of: id))?.puts == expected(0..<50, value))
      let isCut = scene.batch.entries.count == 50 && scene.spare.isEmpty
      #expect(isCut)
      scene.request(before: 50, into: body)
      pair.client.send(body, on: pair.open())
      try pair.exchange()
      #expect(try model(pair.server.body(of: id + 2))?.puts == expected(25..<75, "after \(round)"))
      let isEmpty = scene.batch.isEmpty
      #expect(isEmpty)
    }
  }

  /// What is on its way keeps the body; once it is sent and the stream has ended, the body is its owner's alone.
  @Test func isHeldUntilItIsSent() throws {
    let pair = try Pair([.init(.initialWindowSize, 1 << 20)])
    pair.client.output.gathers = true
    var scene = Scene()
    let value = String(repeating: "long ", count: 500)
    scene.put(0..<10, value)
    var body = RequestBody()
    scene.request(before: 10, into: body)
    let stream = pair.open()
    pair.client.send(body, on: stream)
    pair.client.cancel(stream)
    #expect(stream.end == .cancelled && !isKnownUniquelyReferenced(&body))
    scene.put(10..<20, "written meanwhile")
    try pair.exchange()
    #expect(try model(pair.server.body(of: 1))?.puts == expected(0..<10, value))
    #expect(isKnownUniquelyReferenced(&body))
  }

  /// Octets that were copied wait in front of those that come later.
  @Test func copiedOctetsKeepTheirOrder() throws {
    let pair = try Pair([.init(.initialWindowSize, 3)])
    let stream = pair.open()
    var all: [UInt8] = []
    for round in 0..<20 {
      let bytes = [UInt8](repeating: UInt8(round), count: round)
      pair.send(bytes, ends: round == 19, on: stream)
      all += bytes
      if round % 3 == 0 { try pair.exchange() }
      pair.server.windowUpdate(1, 5)
    }
    pair.server.windowUpdate(1, 1000)
    try pair.exchange()
    #expect(pair.server.body(of: 1) == all && stream.isLocalClosed)
  }
}
