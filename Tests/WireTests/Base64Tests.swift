// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@Suite struct Base64Tests {
  /// RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func vectors(plain: String, encoded: String) throws {
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(try Base64.decode(encoded) == Array(plain.utf8))
  }

  @Test func everyByteComesBack() throws {
    let bytes = Array(UInt8.min...UInt8.max)
    for count in 0...256 {
      let part = Array(bytes.suffix(count))
      #expect(try Base64.decode(Base64.encode(part)) == part)
    }
  }

  @Test(arguments: ["Zg", "Zg=", "Z===", "====", "Zm9v=", "Zg==Zg==", "Zm9v\n", "Zm-_", "Zh==", "Zm9=", "é="])
  func malformedThrows(text: String) {
    #expect(throws: WireError.self) { try Base64.decode(text) }
  }

  @Test func hexIsLowerCase() {
    #expect(String(hex: [0, 9, 10, 0xAB, 0xFF]) == "00090aabff")
    #expect(String(hex: []) == "")
  }
}
