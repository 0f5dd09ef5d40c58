// SPDX-License-Identifier: Apache-2.0
package import Wire

/// `mysqldump` or `mariadb-dump` as this machine has it. Debian's `mysqldump` is MariaDB's, so the name says nothing.
package struct MySQLDumpProgram: Equatable, Sendable {
  package enum Maker: String, Sendable {
    case mysql = "MySQL"
    case mariadb = "MariaDB"
  }

  package var path: String
  package var maker: Maker
  /// `9.7.4`, `10.5.23`.
  package var version: [Int]

  package init(path: String, maker: Maker, version: [Int]) {
    self.path = path
    self.maker = maker
    self.version = version
  }

  /// From what `--version` prints:
  ///
  ///     mysqldump  Ver 9.7.4 for Linux on x86_64 (MySQL Community Server - GPL)
  ///     mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)
  ///     mariadb-dump  Ver 10.19 Distrib 10.11.18-MariaDB, for debian-linux-gnu (x86_64)
  ///     mariadb-dump from 11.8.9-MariaDB, client 10.20 for debian-linux-gnu (x86_64)
  package init?(path: String, versionText: String) {
    let words = versionText.split { $0 == " " || $0 == "," || $0 == "\n" || $0 == "\t" }.map(String.init)
    func after(_ word: String) -> [Int]? {
      guard let index = words.firstIndex(of: word), index + 1 < words.count else { return nil }
      let numbers = words[index + 1].split { !($0.isNumber || $0 == ".") }.first?.split(separator: ".") ?? []
      let version = numbers.compactMap { Int($0) }
      return version.count >= 2 ? version : nil
    }
    guard let version = after("Distrib") ?? after("from") ?? after("Ver") else { return nil }
    self.init(path: path, maker: versionText.contains("MariaDB") ? .mariadb : .mysql, version: version)
  }

  package func isAtLeast(_ wanted: Int...) -> Bool {
    !version.lexicographicallyPrecedes(wanted)
  }

  package var text: String { "\(path) (\(maker.rawValue) \(version.map(String.init).joined(separator: ".")))" }

  /// The first tool of that maker on `PATH`.
  package static func find(
    _ maker: Maker, loop: PollLoop, deadline: Deadline
  ) throws(MySQLDumpToolError) -> MySQLDumpProgram {
    let names = maker == .mariadb ? ["mariadb-dump", "mysqldump"] : ["mysqldump", "mysqldump8"]
    var others: [String] = []
    for name in names {
      guard let path = Subprocess.find([name]) else { continue }
      let program = try ask(path, loop: loop, deadline: deadline)
      if program.maker == maker { return program }
      others.append(program.text)
    }
    throw others.isEmpty ? .notFound(names) : .otherMaker(wanted: maker.rawValue, found: others[0])
  }

  package static func ask(
    _ path: String, loop: PollLoop, deadline: Deadline
  ) throws(MySQLDumpToolError) -> MySQLDumpProgram {
    let child: Subprocess
    do throws(SystemError) {
      child = try Subprocess(
        path, arguments: ["--no-defaults", "--version"], environment: MySQLDumpTool.environment, loop: loop)
    } catch {
      throw .system(path, error)
    }
    let status = loop.pump(until: deadline) { child.hasOutputEnded ? child.status : nil }
    let output = child.output
    let text = String(decoding: output.unread)
    child.close()
    guard status == .exited(0), let program = MySQLDumpProgram(path: path, versionText: text) else {
      throw .failed("\(path) --version", status.map { "\($0)" } ?? "no answer in time", errors: child.errors)
    }
    return program
  }
}

/// Why the tool cannot dump, or has not dumped to the end.
package enum MySQLDumpToolError: Error, CustomStringConvertible {
  case notFound([String])
  case otherMaker(wanted: String, found: String)
  case system(String, SystemError)
  case password(String)
  /// The tool's own words are in `errors`.
  case failed(String, String, errors: String)
  case malformed(String, WireError)

  package var description: String {
    switch self {
    case .notFound(let names):
      "database.mysql.dump is mysqldump, but there is no \(names[0]) on PATH; install it or set it to native"
    case .otherMaker(let wanted, let found):
      "the server is \(wanted)'s and \(found) is not; put \(wanted)'s tool on PATH or set database.mysql.dump to native"
    case .system(let path, let error): "\(path) cannot be run: \(error)"
    case .password(let reason): reason
    case .failed(let path, let how, let errors): "\(path) ended with \(how): \(Self.shown(errors))"
    case .malformed(let path, let error): "\(path) wrote what we do not understand: \(error)"
    }
  }

  /// The last lines, as one.
  private static func shown(_ errors: String) -> String {
    let lines = errors.split { $0.isNewline }.filter { !$0.hasPrefix("Warning:") && !$0.hasPrefix("WARNING:") }
    return lines.isEmpty ? "it says nothing" : printable(lines.suffix(3).joined(separator: "; "))
  }
}
