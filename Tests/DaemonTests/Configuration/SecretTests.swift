// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Daemon

/// A folder that is gone when its user is.
final class ScratchFolder {
  let path: String

  init() {
    var template = Array("/tmp/sync-test-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? ""
  }

  func write(_ bytes: some Sequence<UInt8>, to name: String) -> String {
    let file = "\(path)/\(name)"
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let bytes = Array(bytes)
    #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
    return file
  }

  deinit {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { unlink("\(path)/\(name)") }
    }
    closedir(folder)
    rmdir(path)
  }
}

@Suite struct SecretTests {
  @Test func nothingPrintsIt() {
    for secret in [Secret("hunter2"), Secret(file: "/hunter2"), Secret.none] {
      var dumped = ""
      dump(secret, to: &dumped)
      #expect("\(secret)" == "(redacted)")
      #expect(secret.debugDescription == "(redacted)")
      #expect(!dumped.contains("hunter2"))
      #expect(String(reflecting: secret) == "(redacted)")
    }
  }

  @Test func noConfigurationPrintsIt() throws {
    let text = "database: {name: shop, password: hunter2}\netcd: {username: u, password: hunter2}"
    let configuration = try load(text)
    var dumped = ""
    dump(configuration, to: &dumped)
    #expect(!dumped.contains("hunter2") && !"\(configuration)".contains("hunter2"))
    #expect(!String(reflecting: configuration).contains("hunter2"))
    #expect(try configuration.etcd.password.read() == "hunter2")
  }

  @Test func aFileIsReadEachTime() throws {
    let folder = ScratchFolder()
    let path = folder.write("first\n".utf8, to: "password")
    let configuration = try load("database: {name: shop, password: '', password_file: \(path)}")
    #expect(try configuration.database.password.read() == "first")
    _ = folder.write("second \r\n".utf8, to: "password")
    #expect(try configuration.database.password.read() == "second ")
    _ = folder.write("third\n\n".utf8, to: "password")
    #expect(try configuration.database.password.read() == "third\n")
    _ = folder.write("".utf8, to: "password")
    #expect(try configuration.database.password.read() == "")
    #expect(configuration.database.password.isGiven)
  }

  @Test func aFileThatIsNoText() throws {
    let folder = ScratchFolder()
    for bytes in [[0xFF], [0x61, 0x00]] as [[UInt8]] {
      let path = folder.write(bytes, to: "password")
      #expect(throws: SecretError(reason: "the password file \(path) does not hold UTF-8 text")) {
        try Secret(file: path).read()
      }
    }
    let large = folder.write([UInt8](repeating: 0x61, count: 70_000), to: "large")
    #expect(throws: SecretError(reason: "the password file \(large) is larger than 64 KiB")) {
      try Secret(file: large).read()
    }
    #expect(throws: SecretError(reason: "the password file \(folder.path) is a directory")) {
      try Secret(file: folder.path).read()
    }
  }

  @Test func theOneWithTheHigherPrecedenceIsInForce() throws {
    let folder = ScratchFolder()
    let path = folder.write("from the file".utf8, to: "password")
    let file = "database: {name: shop, password_file: \(path)}"
    let text = "database: {name: shop, password: from the text}"
    func password(_ text: String, _ environment: [String: String]) throws -> String {
      try load(text, environment: environment).database.password.read()
    }
    #expect(try password(file, ["SYNC_DATABASE_PASSWORD": "from outside"]) == "from outside")
    #expect(try password(text, ["SYNC_DATABASE_PASSWORD_FILE": path]) == "from the file")
    #expect(try password(text, ["SYNC_DATABASE_PASSWORD_FILE": ""]) == "from the text")
  }
}
