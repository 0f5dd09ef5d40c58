// SPDX-License-Identifier: Apache-2.0
import Daemon
import Support
import Testing
import Wire

@Suite struct JSONEscapeTests {
  /// Each length and each place around the chunks of sixteen, against the rule written out byte by byte.
  @Test func everyPlaceInEveryLength() throws {
    var random = SeededGenerator(seed: 7)
    for length in 0..<70 {
      for _ in 0..<20 {
        var text = [UInt8](repeating: 0x61, count: length)
        for _ in 0..<random.below(4) where length > 0 {
          text[random.below(length)] = [0x22, 0x5C, 0x1F, 0x0A, 0x20, 0x7F, 0x00, 0x09][random.below(8)]
        }
        #expect(try json(25, String(decoding: text, as: UTF8.self)) == reference(text))
      }
    }
  }

  @Test func everyControlCharacter() throws {
    for code in UInt8(0)..<128 {
      let text = [UInt8](repeating: 0x78, count: 20) + [code]
      #expect(try json(25, String(decoding: text, as: UTF8.self)) == reference(text))
      #expect(try json(25, String(decoding: [code], as: UTF8.self)) == reference([code]))
    }
  }

  /// Short and long texts take different ways: a byte to escape, or none, at each place of each length.
  @Test func everyLengthAndPlace() throws {
    for length in 0..<40 {
      let plain = (0..<length).map { UInt8(0x61 + $0 % 26) }
      #expect(try json(25, String(decoding: plain, as: UTF8.self)) == reference(plain))
      for place in 0..<length {
        for code in [0x01, 0x1F, 0x20, 0x22, 0x5C, 0x7F] as [UInt8] {
          var text = plain
          text[place] = code
          #expect(try json(25, String(decoding: text, as: UTF8.self)) == reference(text))
        }
      }
    }
  }

  private func reference(_ text: [UInt8]) -> String {
    var out: [UInt8] = [0x22]
    for byte in text {
      switch byte {
      case 0x22, 0x5C: out += [0x5C, byte]
      case 8: out += Array("\\b".utf8)
      case 9: out += Array("\\t".utf8)
      case 10: out += Array("\\n".utf8)
      case 12: out += Array("\\f".utf8)
      case 13: out += Array("\\r".utf8)
      case 0..<32: out += Array("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
      default: out.append(byte)
      }
    }
    return String(decoding: out + [0x22], as: UTF8.self)
  }
}
