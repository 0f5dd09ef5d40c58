// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import Synchronization

/// A real server in a folder of its own, on a free port of this machine (tools/servers.sh). It ends with `stop()`, and
/// at the latest with the test run.
public final class TestServer: Sendable {
  /// As `servers.sh list` calls it: `pg-15`, `etcd-3.5`.
  public let name: String
  public let folder: String
  public let port: Int

  static let script = Fixture.packageFolder + "/tools/servers.sh"
  private static let count = Mutex(0)

  /// Starts a server that nobody else uses; returns once it answers. It is installed if it is not there.
  public init(_ name: String, flags: [String] = [], certificates: String? = nil) throws {
    self.name = name
    folder = Watchdog.shared.folder + "/\(name)-\(Self.nextNumber())"
    Watchdog.shared.note("server \(folder)")
    try run(
      [Self.script, "start", name, "--datadir", folder] + (certificates.map { ["--tls", $0] } ?? []) + ["--"] + flags,
      within: .seconds(300))
    port = try Self.number(in: folder + "/port")
  }

  /// Starts a server on data that `prepare` puts into its folder.
  init(_ name: String, port: Int, flags: [String], prepare: (_ folder: String) throws -> Void) throws {
    self.name = name
    self.port = port
    folder = Watchdog.shared.folder + "/\(name)-\(Self.nextNumber())"
    Watchdog.shared.note("server \(folder)")
    try prepare(folder)
    try run(
      [Self.script, "start", name, "--datadir", folder, "--port", "\(port)", "--"] + flags, within: .seconds(300))
  }

  /// A server that another script started in `folder`, a member of a cluster.
  init(startedIn folder: String) throws {
    self.folder = folder
    name = try String(contentsOfFile: folder + "/name", encoding: .utf8).trimmingCharacters(in: .newlines)
    port = try Self.number(in: folder + "/port")
  }

  private static let shared = Mutex<[String: TestServer]>([:])

  /// The one server of that name and these flags which the tests of this run share: for tests that neither stop nor
  /// reconfigure it.
  public static func shared(
    _ name: String, flags: [String] = [], prepare: (TestServer) throws -> Void = { _ in }
  ) throws -> TestServer {
    let key = ([name] + flags).joined(separator: " ")
    return try shared.withLock { servers in
      if let server = servers[key] { return server }
      let server = try TestServer(name, flags: flags)
      try prepare(server)
      servers[key] = server
      return server
    }
  }

  static func nextNumber() -> Int {
    count.withLock { number in
      number += 1
      return number
    }
  }

  private static func number(in file: String) throws -> Int {
    let text = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    guard let number = Int(text) else { throw CommandError(description: "\(file) holds no number: \(text)") }
    return number
  }

  public var pid: Int32 {
    get throws { Int32(try Self.number(in: folder + "/pid")) }
  }

  public var log: String {
    (try? String(contentsOfFile: folder + "/server.log", encoding: .utf8)) ?? ""
  }

  /// An orderly end; for PostgreSQL a fast shutdown.
  public func stop() throws { try run([Self.script, "stop", "--datadir", folder]) }

  /// Stops it if it runs, and starts it on the same data and port.
  public func restart() throws { try run([Self.script, "restart", "--datadir", folder]) }

  /// The same with another flag in the place of one that it was started with.
  public func restart(replacing flag: String, with other: String) throws {
    let file = folder + "/command"
    let command = try String(contentsOfFile: file, encoding: .utf8)
    guard command.contains(flag) else { throw CommandError(description: "\(name) was not started with \(flag)") }
    try command.replacing(flag, with: other).write(toFile: file, atomically: true, encoding: .utf8)
    try restart()
  }

  /// MySQL: the same data under another `server_uuid`.
  public func restartAsAnotherServer() throws {
    try stop()
    try FileManager.default.removeItem(atPath: folder + "/data/auto.cnf")
    try restart()
  }

  /// An end without warning, of all its processes.
  public func kill9() throws { try signalAll("KILL") }

  /// It holds its connections and says nothing: SIGSTOP to all its processes.
  public func pause() throws { try signalAll("STOP") }

  public func resume() throws { try signalAll("CONT") }

  private func signalAll(_ signal: String) throws {
    try run([Self.script, "signal", signal, "--datadir", folder])
  }

  private static let paths = Mutex<[String: String]>([:])

  /// The path of a program of a server's version, to be run without a detour through a script.
  public static func program(_ program: String, of name: String) throws -> String {
    let folders = try paths.withLock { paths in
      if let known = paths[name] { return known }
      let path = try run([script, "path", name]).trimmingCharacters(in: .newlines)
      paths[name] = path
      return path
    }
    for folder in folders.split(separator: ":")
    where FileManager.default.isExecutableFile(atPath: "\(folder)/\(program)") {
      return "\(folder)/\(program)"
    }
    throw CommandError(description: "\(name) has no program \(program)")
  }
}
