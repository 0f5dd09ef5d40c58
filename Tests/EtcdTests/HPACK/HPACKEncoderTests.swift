// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

@testable import Etcd

@Suite struct HPACKEncoderTests {
  /// Random lists of random octets, and static names and entries among them, come back through a decoder, whose table
  /// stays empty: what we write needs no table.
  @Test(arguments: [true, false]) func listsComeBack(_ usesHuffman: Bool) throws {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    let encoder = HPACKEncoder(usesHuffman: usesHuffman)
    for round in 0..<300 {
      let fields = (0..<Int.random(in: 0...8, using: &generator)).map { _ in randomField(&generator) }
      var writer = ByteWriter()
      encoder.encode(fields, to: &writer)
      var decoder = HPACKDecoder(tableSizeMax: 0)
      let back = try decoder.decode(writer.bytes)
      #expect(back == fields, "seed \(generator.seed), round \(round)")
      #expect(back.map(\.isSensitive) == fields.map(\.isSensitive))
      #expect(decoder.tableCount == 0)
    }
  }

  private func randomField(_ generator: inout SeededGenerator) -> HeaderField {
    let kind = Int.random(in: 0...3, using: &generator)
    let known = HPACKStaticTable.entries.randomElement(using: &generator)!
    if kind == 0 { return known }
    func octets(_ most: Int) -> [UInt8] {
      (0..<Int.random(in: 0...most, using: &generator)).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
    }
    let name = kind == 1 ? known.name : octets(40)
    return HeaderField(name: name, value: octets(300), isSensitive: Bool.random(using: &generator))
  }

  @Test func secretsAreNeverIndexed() throws {
    var writer = ByteWriter()
    HPACKEncoder().encode(HeaderField("token", "abc", isSensitive: true), to: &writer)
    #expect(writer.bytes[0] == 0x10)
    #expect("\(HeaderField("token", "abc", isSensitive: true))" == "token: (secret)")
  }
}

@Suite struct HPACKIntegerTests {
  /// RFC 7541, appendix C.1.
  @Test(arguments: [(10, 5, [0x0A]), (1337, 5, [0x1F, 0x9A, 0x0A]), (42, 8, [0x2A])] as [(Int, Int, [UInt8])])
  func examplesOfTheRFC(_ value: Int, _ prefix: Int, _ expected: [UInt8]) throws {
    var writer = ByteWriter()
    HPACKInteger.encode(value, pattern: 0, prefixBits: prefix, to: &writer)
    #expect(writer.bytes.array == expected)
    var reader = ByteReader(writer.bytes)
    let first = try reader.byte()
    #expect(try HPACKInteger.decode(first: first, prefixBits: prefix, from: &reader) == value)
    try reader.end("integer")
  }

  @Test(arguments: 1...8) func comeBackForEveryPrefix(_ prefix: Int) throws {
    for value in [0, 1, 30, 31, 32, 126, 127, 128, 254, 255, 256, 16_383, 16_384, HPACKInteger.max] {
      var writer = ByteWriter()
      HPACKInteger.encode(value, pattern: 0, prefixBits: prefix, to: &writer)
      var reader = ByteReader(writer.bytes)
      let first = try reader.byte()
      #expect(try HPACKInteger.decode(first: first, prefixBits: prefix, from: &reader) == value)
    }
  }
}

@Suite struct HPACKHuffmanTests {
  /// Two codes of appendix B at each end: the lengths give the codes.
  @Test func codesAreThoseOfTheRFC() {
    let codes = HPACKHuffman.codes
    #expect(codes[Int(UInt8(ascii: "0"))] == 0x0)
    #expect(codes[Int(UInt8(ascii: "a"))] == 0x3)
    #expect(codes[Int(UInt8(ascii: " "))] == 0x14)
    #expect(codes[0] == 0x1FF8)
    #expect(codes[255] == 0x3FF_FFEE)
    #expect(codes[HPACKHuffman.endOfString] == 0x3FFF_FFFF)
  }

  @Test func everyOctetComesBack() throws {
    for octet in UInt8.min ... .max {
      for count in 1...9 {
        let text = [UInt8](repeating: octet, count: count)
        var writer = ByteWriter()
        HPACKHuffman.encode(text, to: &writer)
        #expect(writer.count == HPACKHuffman.encodedCount(text))
        #expect(try HPACKHuffman.decode(writer.bytes, atMost: 9) == text)
      }
    }
  }

  @Test(arguments: ["ff", "3fffffff", "18", "ffffffff", "1fff"])
  func refusesPaddingThatIsTooLongOrNotOnes(_ hex: String) {
    #expect(throws: WireError.self) { try HPACKHuffman.decode(bytes(hex: hex).span.bytes, atMost: 100) }
  }

  @Test func boundsTheResult() {
    #expect(throws: WireError.self) {
      try HPACKHuffman.decode([UInt8](repeating: 0, count: 100).span.bytes, atMost: 99)
    }
  }
}
