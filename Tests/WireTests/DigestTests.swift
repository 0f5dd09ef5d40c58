// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@Suite struct DigestTests {
  /// RFC 1321 A.5, RFC 3174 7.3, FIPS 180-4's example messages.
  @Test(arguments: [
    (Digest.md5, "", "d41d8cd98f00b204e9800998ecf8427e"),
    (.md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
    (
      .md5, "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a"
    ),
    (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (
      .sha384, "abc",
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
    ),
    (
      .sha512, "abc",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    ),
  ])
  func vectors(digest: Digest, message: String, expected: String) {
    #expect(String(hex: digest.hash(Array(message.utf8))) == expected)
  }

  /// RFC 4231, cases 1, 2 and 6 (a key longer than a block).
  @Test func hmac() {
    #expect(
      String(hex: Digest.sha256.hmac(key: [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8)))
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      String(hex: Digest.sha256.hmac(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      String(
        hex: Digest.sha256.hmac(
          key: [UInt8](repeating: 0xaa, count: 131),
          Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    #expect(Digest.sha256.hmac(key: [], []).count == 32)
  }

  /// The messages of RFC 6070, with SHA-256 as RFC 7914, section 11 and its successors give it.
  @Test(arguments: [
    (1, "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"),
    (2, "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43"),
    (4096, "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"),
  ])
  func pbkdf2(iterations: Int, expected: String) {
    let derived = Digest.sha256.pbkdf2(
      password: Array("password".utf8), salt: Array("salt".utf8), iterations: iterations, count: 32)
    #expect(String(hex: derived) == expected)
  }

  /// RFC 7677, section 3: the whole of SCRAM-SHA-256's arithmetic, from the password to both proofs.
  @Test func scramExchange() throws {
    let salted = Digest.sha256.pbkdf2(
      password: Array("pencil".utf8), salt: try Base64.decode("W22ZaJ0SNY7soEsUEjb6gQ=="), iterations: 4096, count: 32)
    let nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    let message = Array(
      "n=user,r=rOprNGfwEbeRWgbNEkqO,r=\(nonce),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=\(nonce)".utf8)
    let clientKey = Digest.sha256.hmac(key: salted, Array("Client Key".utf8))
    let signature = Digest.sha256.hmac(key: Digest.sha256.hash(clientKey), message)
    let proof = zip(clientKey, signature).map { $0 ^ $1 }
    #expect(Base64.encode(proof) == "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    let serverKey = Digest.sha256.hmac(key: salted, Array("Server Key".utf8))
    #expect(
      Base64.encode(Digest.sha256.hmac(key: serverKey, message)) == "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
  }

  @Test func emptyPasswordIsNotAMissingOne() {
    let empty = Digest.sha256.pbkdf2(password: [], salt: [1], iterations: 1, count: 32)
    #expect(empty == Digest.sha256.hmac(key: [], [1, 0, 0, 0, 1]))
  }

  @Test func randomBytesDiffer() {
    #expect(Random.bytes(16).count == 16)
    #expect(Random.bytes(16) != Random.bytes(16))
    #expect(Random.bytes(0).isEmpty)
  }

  @Test func secretsAreCompared() {
    #expect(Secret.isEqual([1, 2, 3], [1, 2, 3]))
    #expect(!Secret.isEqual([1, 2, 3], [1, 2, 4]))
    #expect(!Secret.isEqual([1, 2, 3], [1, 2]))
    #expect(Secret.isEqual([], []))
  }
}
