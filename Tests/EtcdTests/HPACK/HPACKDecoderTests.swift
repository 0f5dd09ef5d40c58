// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

@testable import Etcd

@Suite struct HPACKDecoderTests {
  /// RFC 7541, appendix C.2 to C.6: lists of fields, and the dynamic table after each block.
  @Test func decodesTheExamplesOfTheRFC() throws {
    var decoder = HPACKDecoder()
    var section = ""
    var fields: [HeaderField] = []
    var blocks = 0
    for line in try Fixture.text("hpack/rfc7541-appendix-c.txt").split(separator: "\n") {
      if line.hasPrefix("#") { continue }
      let words = line.split(separator: " ")
      if line.hasPrefix("= ") {
        section = String(words[1])
        decoder = HPACKDecoder(tableSizeMax: Int(words[2])!)
      } else if line.hasPrefix("@") {
        #expect(fields.isEmpty, "\(section): a field too many")
        #expect(decoder.tableSize == Int(words[1]) && decoder.tableCount == Int(words[2]), "\(section)")
      } else if fields.isEmpty {
        let block = bytes(hex: words.joined())
        fields = try decoder.decode(block.span.bytes)
        blocks += 1
      } else {
        let field = fields.removeFirst()
        #expect("\(String(decoding: field.name, as: UTF8.self)): \(field.valueText)" == line, "\(section)")
        #expect(field.isSensitive == (section == "C.2.3"))
      }
    }
    #expect(blocks == 16)
  }

  @Test func tableSizeUpdates() throws {
    var decoder = HPACKDecoder(tableSizeMax: 256)
    func decode(_ hex: String) throws -> [HeaderField] { try decoder.decode(bytes(hex: hex).span.bytes) }
    _ = try decode("400161 0162" + "400163 0164")
    #expect(decoder.tableCount == 2 && decoder.tableSize == 68)
    // To 34: room for one. To 0 and back to 256 in one block: emptied.
    _ = try decode("3f03")
    #expect(decoder.tableCount == 1 && decoder.tableEntry(0) == HeaderField("c", "d"))
    _ = try decode("203fe101")
    #expect(decoder.tableCount == 0)
    // An entry larger than the table empties it and is no error.
    _ = try decode("400161 0162")
    let long = String(repeating: "61", count: 230)
    #expect(try decode("400161 7fe700" + long).first?.value.count == 230)
    #expect(decoder.tableCount == 0)
  }

  @Test(arguments: [
    ("80", "index 0"), ("be", "index beyond the tables"), ("7f80808080808080", "integer without end"),
    ("3fe21f", "table size above the announced one"), ("8220", "size update inside a block"),
    ("400161 0562", "short value"), ("00 8161", "short Huffman name"), ("ff", "cut integer"), ("00", "no name"),
    ("ffffffffff7f", "integer too large"),
  ])
  func refuses(_ hex: String, _ why: String) {
    var decoder = HPACKDecoder()
    #expect(throws: WireError.self, "\(why)") {
      try decoder.decode(bytes(hex: hex).span.bytes)
    }
  }

  /// A block of a few bytes that would be expanded for ever.
  @Test func boundsTheList() throws {
    var decoder = HPACKDecoder(listSizeMax: 4096)
    let entry = bytes(hex: "400161 7f9107") + [UInt8](repeating: 0x61, count: 1040)
    _ = try decoder.decode(entry.span.bytes)
    let bomb = [UInt8](repeating: 0xBE, count: 1000)
    #expect(throws: WireError.self) { try decoder.decode(bomb.span.bytes) }
  }

  /// Every example cut at every byte: an error or a shorter list, never a trap.
  @Test func truncatedAnywhere() throws {
    for line in try Fixture.text("hpack/rfc7541-appendix-c.txt").split(separator: "\n")
    where line.first?.isHexDigit == true && !line.contains(":") {
      let block = bytes(hex: line)
      for end in block.indices {
        var decoder = HPACKDecoder()
        _ = try? decoder.decode(block.span.bytes.extracting(0..<end))
      }
    }
  }

  @Test func randomBytesNeverTrap() {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    for _ in 0..<3000 {
      let count = Int.random(in: 0...60, using: &generator)
      let block = (0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
      var decoder = HPACKDecoder()
      _ = try? decoder.decode(block.span.bytes)
    }
  }
}

func bytes(hex: some StringProtocol) -> [UInt8] {
  let digits = hex.filter { !$0.isWhitespace }.map { UInt8($0.hexDigitValue!) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
