// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import Synchronization

/// The daemon under test: the very file that people run.
public final class SyncdProcess: Sendable {
  /// `SYNCD` names the binary; without it the one built last counts.
  public static let executable: String = {
    if let named = ProcessInfo.processInfo.environment["SYNCD"], !named.isEmpty { return named }
    let built = ["static", "release", "debug"].map { Fixture.packageFolder + "/.build/\($0)/syncd" }
    func age(_ path: String) -> Date? {
      (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }
    return built.filter { age($0) != nil }.max { age($0)! < age($1)! } ?? built[0]
  }()

  public let process: ChildProcess

  /// Runs `syncd` with these arguments as they are.
  public init(_ arguments: [String], environment: [String: String] = [:]) throws {
    process = try ChildProcess([Self.executable] + arguments, environment: environment)
  }

  /// Runs a command of `syncd` (`run` where none is named) with a configuration file of this text.
  public convenience init(
    _ command: [String] = ["run"], configuration: String, environment: [String: String] = [:]
  ) throws {
    let file = try Self.write(configuration: configuration)
    try self.init(command + ["-c", file], environment: environment)
  }

  /// Writes a configuration file where it goes with the test run.
  public static func write(configuration: String) throws -> String {
    let file = Watchdog.shared.folder + "/config-\(TestServer.nextNumber()).yml"
    try configuration.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  /// The log so far.
  public var log: String { String(decoding: process.errors, as: UTF8.self) }
  public var lines: [String] { process.errors.lines().map { String(decoding: $0, as: UTF8.self) } }
  public var output: String { String(decoding: process.output, as: UTF8.self) }

  /// Waits for a log line that contains all of these words; nil if it does not come, or the process ends without it.
  public func waitForLine(containing words: String..., within limit: Duration = .seconds(30)) -> String? {
    var found: String?
    // A line is looked at once: the log may be long.
    var looked = 0
    _ = waitUntil(within: limit) {
      let hasEnded = process.exit != nil
      let new = process.errors(from: looked)
      let lines = new.lines()
      found = lines.lazy.map { String(decoding: $0, as: UTF8.self) }.first { line in
        words.allSatisfy { line.contains($0) }
      }
      // The last one may not be whole.
      looked += lines.last?.startIndex ?? 0
      return found != nil || hasEnded
    }
    return found
  }

  /// SIGTERM, then its end; nil if it does not end within `limit` (five seconds are promised).
  public func terminate(within limit: Duration = .seconds(5)) -> ChildProcess.Exit? {
    process.send(signal: SIGTERM)
    return process.waitForExit(within: limit)
  }

  /// The end that it cannot prepare for.
  public func kill9() {
    process.send(signal: SIGKILL)
    _ = process.waitForExit(within: .seconds(10))
  }

  public func waitForExit(within limit: Duration = .seconds(30)) -> ChildProcess.Exit? {
    process.waitForExit(within: limit)
  }

  deinit { process.send(signal: SIGKILL) }
}
