// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

@Suite struct GTIDSetTests {
  static let a = "3e11fa47-71ca-11e1-9e33-c80aa9429562"
  static let b = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaff"

  private func set(_ text: String) throws -> GTIDSet { try #require(GTIDSet(text)) }

  @Test func textIsTheServersCanonicalForm() throws {
    #expect(try set("").description == "")
    #expect(try set("\(Self.a):1-5").description == "\(Self.a):1-5")
    // Joined, sorted, lower case; blanks and line ends between.
    let messy = " \(Self.b):7 : 1-2:3,\n\(Self.a.uppercased()):9-9:4-2 , \(Self.b):4"
    #expect(try set(messy).description == "\(Self.a):9,\(Self.b):1-4:7")
    // As MySQL 9.7 printed it.
    let tagged = "\(Self.b):5:other_tag:77,fc95cac1-e911-11f1-8aea-02fc00000001:1-10:mytag:1-2"
    #expect(try set(tagged).description == tagged)
    #expect(try set("\(Self.a):Tag_B:1:1:tag_a:2-3").description == "\(Self.a):tag_a:2-3:tag_b:1")
  }

  @Test(
    arguments: [
      "x", "3e11fa47", a, "\(a):", "\(a):0", "\(a):1-", "\(a):-1", "\(a):1-2-3", "\(a):9223372036854775807", "\(a):+1",
      "\(a):tag", "\(a):tag:other:1", "\(a):1tag:1", "\(a):tag-b:1", "\(a):\(String(repeating: "t", count: 33)):1",
      "3e11fa4771ca-11e1-9e33-c80aa94295621:1",
    ])
  func whatIsNoSet(_ text: String) {
    #expect(GTIDSet(text) == nil)
  }

  @Test func addsInAnyOrder() throws {
    var generator = SeededGenerator(seed: 7)
    let source = try #require(ServerUUID(Self.a))
    for _ in 0..<50 {
      var set = GTIDSet()
      var numbers: Set<UInt64> = []
      for _ in 0..<60 {
        let number = UInt64.random(in: 1...80, using: &generator)
        set.add(GTID(uuid: source, number: number))
        numbers.insert(number)
      }
      for number in 1...81 as ClosedRange<UInt64> {
        #expect(set.contains(GTID(uuid: source, number: number)) == numbers.contains(number))
      }
      #expect(set.count == UInt64(numbers.count))
      #expect(GTIDSet(set.description) == set)
      let intervals = try #require(set.entries.first).intervals
      for (one, next) in zip(intervals, intervals.dropFirst()) { #expect(one.end < next.start) }
    }
  }

  @Test func subsetUnionDifference() throws {
    let small = try set("\(Self.a):2-3:7,\(Self.b):t:1")
    let large = try set("\(Self.a):1-5:7-9,\(Self.b):1:t:1-2")
    #expect(small.isSubset(of: large))
    #expect(!large.isSubset(of: small))
    #expect(small.isSubset(of: small))
    #expect(GTIDSet().isSubset(of: small))
    #expect(!small.isSubset(of: GTIDSet()))
    #expect(try !set("\(Self.a):5-7").isSubset(of: large))
    #expect(large.subtracting(small) == (try set("\(Self.a):1:4-5:8-9,\(Self.b):1:t:2")))
    #expect(small.union(large) == large)
    #expect(small.union(try set("\(Self.a):4-6")) == (try set("\(Self.a):2-7,\(Self.b):t:1")))
    #expect(small.subtracting(large).isEmpty)
  }

  /// PREVIOUS_GTIDS of MySQL 9.7 with and without tags.
  @Test(
    arguments: [
      ("0000000000000000", ""),
      (
        "0100000000000000b16c7baee67f11f1b86402fc00000001010000000000000001000000000000000a00000000000000",
        "b16c7bae-e67f-11f1-b864-02fc00000001:1-9"
      ),
      (
        "0104000000000001aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaff00010000000000000005000000000000000600000000000000"
          + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaff126f746865725f74616701000000000000004d000000000000004e00000000000000"
          + "fc95cac1e91111f18aea02fc0000000100010000000000000001000000000000000a00000000000000"
          + "fc95cac1e91111f18aea02fc000000010a6d7974616701000000000000000100000000000000" + "0300000000000000",
        "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaff:5:other_tag:77,fc95cac1-e911-11f1-8aea-02fc00000001:1-9:mytag:1-2"
      ),
    ])
  func binaryForm(_ hex: String, _ text: String) throws {
    let bytes = Self.bytes(hex)
    let decoded = try GTIDSet(decoding: bytes.span.bytes)
    #expect(decoded.description == text)
    var writer = ByteWriter()
    decoded.encode(to: &writer)
    #expect(writer.bytes.array == bytes)
    for length in bytes.indices {
      #expect(throws: WireError.self) { try GTIDSet(decoding: bytes.span.bytes.extracting(0..<length)) }
    }
  }

  /// Counts that the bytes do not have cost no memory.
  @Test func claimedCounts() {
    let huge = [UInt8](repeating: 0xFF, count: 7) + [0]
    #expect(throws: WireError.self) { try GTIDSet(decoding: huge.span.bytes) }
    let intervals = [1, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 7, count: 16) + huge
    #expect(throws: WireError.self) { try GTIDSet(decoding: intervals.span.bytes) }
  }

  @Test func oneGTID() throws {
    let gtid = try #require(GTID("\(Self.a):Tag:5"))
    #expect(gtid.description == "\(Self.a):tag:5")
    #expect(GTID("\(Self.a):5")?.number == 5)
    for text in ["", Self.a, "\(Self.a):", "\(Self.a):tag", "\(Self.a):a:b:1", "\(Self.a):0"] {
      #expect(GTID(text) == nil)
    }
  }

  static func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
  }
}
