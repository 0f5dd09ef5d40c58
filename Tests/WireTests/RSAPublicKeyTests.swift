// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing
import Wire

@Suite("RSA")
struct RSAPublicKeyTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "sync-rsa-\(UUID())")

  /// What the program `openssl` prints.
  private func openssl(_ arguments: String...) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = Pipe()
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return data
  }

  @Test("what is encrypted with the public key the private one decrypts")
  func decrypts() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "key.pem")
    let key = try #require(RSAPublicKey(pem: [UInt8](openssl("pkey", "-in", "key.pem", "-pubout"))))
    let message = Array("pässword\0".utf8)
    let encrypted = try #require(key.encryptOAEP(message))
    #expect(key.encryptOAEP(message) != encrypted)
    try Data(encrypted).write(to: folder.appending(path: "message"))
    let decrypted = try openssl(
      "pkeyutl", "-decrypt", "-inkey", "key.pem", "-in", "message", "-pkeyopt", "rsa_padding_mode:oaep")
    #expect([UInt8](decrypted) == message)
    // 256 bytes less twice a SHA-1 and two more.
    #expect(key.encryptOAEP([UInt8](repeating: 1, count: 214)) != nil)
    #expect(key.encryptOAEP([UInt8](repeating: 1, count: 215)) == nil)
  }

  @Test("what is no RSA key in PEM is none")
  func none() throws {
    #expect(RSAPublicKey(pem: []) == nil)
    #expect(RSAPublicKey(pem: Array("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n".utf8)) == nil)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try openssl("genpkey", "-algorithm", "ED25519", "-out", "key.pem")
    #expect(RSAPublicKey(pem: [UInt8](try openssl("pkey", "-in", "key.pem", "-pubout"))) == nil)
  }
}
