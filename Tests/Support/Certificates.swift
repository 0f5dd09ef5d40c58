// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Certificates for tests, made afresh in a folder of their own by the `openssl` program:
///
///     ca.pem                        the authority
///     server.pem   server.key      localhost, 127.0.0.1 and ::1
///     sha384.pem                   like server.pem, signed with SHA-384
///     elsewhere.pem                elsewhere.example, same authority
///     expired.pem                  localhost, until yesterday
///     client.pem   client.key      CN=client
///     other-ca.pem                 an authority that has signed nothing of these
public struct Certificates: Sendable {
  public let folder: String

  /// One set for the whole test run, removed when the process ends.
  public static let shared: Certificates = {
    let folder = NSTemporaryDirectory() + "certificates-\(ProcessInfo.processInfo.processIdentifier)"
    let made = Certificates(folder: folder)
    made.make()
    atexit { try? FileManager.default.removeItem(atPath: Certificates.shared.folder) }
    return made
  }()

  public func path(_ name: String) -> String { folder + "/" + name }

  private func make() {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    authority("ca")
    authority("other-ca")
    leaf("server", "localhost", names: "DNS:localhost,IP:127.0.0.1,IP:::1", days: 30)
    leaf("elsewhere", "elsewhere.example", names: "DNS:elsewhere.example", days: 30)
    leaf("expired", "localhost", names: "DNS:localhost,IP:127.0.0.1", days: -1)
    leaf("client", "client", names: "DNS:client", days: 30)
    leaf("sha384", "localhost", names: "DNS:localhost,IP:127.0.0.1", days: 30, digest: "sha384")
  }

  private func authority(_ name: String) {
    openssl([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
      "-keyout", path("\(name).key"), "-out", path("\(name).pem"), "-subj", "/CN=\(name)",
      "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
    ])
  }

  private func leaf(_ file: String, _ commonName: String, names: String, days: Int, digest: String = "sha256") {
    openssl([
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-keyout", path("\(file).key"), "-out", path("\(file).csr"), "-subj", "/CN=\(commonName)",
    ])
    let extensions = "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=\(names)\n"
    try? extensions.write(toFile: path("\(file).ext"), atomically: true, encoding: .utf8)
    openssl([
      "x509", "-req", "-in", path("\(file).csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-CAcreateserial",
      "-days", String(days), "-\(digest)", "-extfile", path("\(file).ext"), "-out", path("\(file).pem"),
    ])
    // A server that runs as another user must read it.
    chmod(path("\(file).key"), 0o644)
  }

  private func openssl(_ arguments: [String]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    do { try process.run() } catch { fatalError("openssl: \(error)") }
    process.waitUntilExit()
    precondition(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " "))")
  }
}
