// SPDX-License-Identifier: Apache-2.0
import Postgres
import Testing
import Wire

@Suite("SCRAM-SHA-256")
struct ScramClientTests {
  private let nonce = "rOprNGfwEbeRWgbNEkqO"
  private let serverFirst =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"

  private func client(_ binding: ChannelBinding = .unsupported) -> ScramClient {
    ScramClient(binding: binding, password: "pencil", nonce: nonce)
  }

  /// The example of RFC 7677, section 3, but that the user name is in the start-up message. Computed with Python's
  /// hashlib for the empty name.
  @Test("proof and signature are those of an independent implementation")
  func proof() throws {
    var client = client()
    #expect(String(decoding: client.first, as: UTF8.self) == "n,,n=,r=\(nonce)")
    let final = String(decoding: try client.answer(serverFirst: Array(serverFirst.utf8)), as: UTF8.self)
    #expect(
      final
        == "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=qvT2SWdEH5Q06albL+hjSYuUhCG7VndFyzIb7CK4n9k=")
    let signature = "3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg="
    try client.verify(serverFinal: Array("v=\(signature)".utf8))
    var forged = try Base64.decode(signature)
    for index in forged.indices {
      forged[index] ^= 1
      let text = "v=\(Base64.encode(forged))"
      #expect(throws: AuthenticationError.self) { try client.verify(serverFinal: Array(text.utf8)) }
      forged[index] ^= 1
    }
    let wrong = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    #expect(throws: AuthenticationError.self) { try client.verify(serverFinal: Array(wrong.utf8)) }
    #expect(throws: AuthenticationError.self) { try client.verify(serverFinal: Array("e=other-error".utf8)) }
    #expect(throws: AuthenticationError.self) { try client.verify(serverFinal: []) }
  }

  @Test(
    "what a server may not say first",
    arguments: [
      "", "r=", "r=x,s=,i=4096", "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4095",
      "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001",
      "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999999999999",
      "r=rOprNGfwEbeRWgbNEkqO1,s=not base 64,i=4096", "m=x,r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    ])
  func badServerFirst(text: String) {
    var client = client()
    #expect(throws: AuthenticationError.self) { try client.answer(serverFirst: Array(text.utf8)) }
  }

  @Test("a signature before the exchange is refused")
  func early() {
    #expect(throws: AuthenticationError.self) { try client().verify(serverFinal: Array("v=AAAA".utf8)) }
  }

  @Test("which mechanism, and what is said about channel binding")
  func channelBinding() throws {
    let both = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]
    let plain = ["SCRAM-SHA-256"]
    let bound = try ChannelBinding(mechanisms: both, security: .tls(serverEndPoint: [1, 2]))
    #expect(bound.mechanism == "SCRAM-SHA-256-PLUS" && bound.header == "p=tls-server-end-point,,")
    #expect(bound.input == Array("p=tls-server-end-point,,".utf8) + [1, 2])
    let striped = try ChannelBinding(mechanisms: plain, security: .tls(serverEndPoint: [1, 2]))
    #expect(striped.mechanism == "SCRAM-SHA-256" && striped.header == "y,,")
    #expect(try ChannelBinding(mechanisms: both, security: .tls(serverEndPoint: nil)).header == "n,,")
    #expect(try ChannelBinding(mechanisms: plain, security: .plaintext).header == "n,,")
    #expect(throws: AuthenticationError.self) { try ChannelBinding(mechanisms: both, security: .plaintext) }
    #expect(throws: AuthenticationError.self) { try ChannelBinding(mechanisms: ["X"], security: .plaintext) }
  }

  @Test("two clients have different nonces")
  func nonces() {
    let first = { ScramClient(binding: .unsupported, password: "x", nonce: nil).first }
    #expect(first() != first())
  }

  @Test("md5 as recorded with a real server")
  func md5() {
    let answer = MD5Password.answer(user: "md5u", password: "secret", salt: [0x3C, 0xEA, 0xC9, 0x68])
    #expect(answer == "md52a337ed0746fff349e8583bb168d2875")
  }
}
