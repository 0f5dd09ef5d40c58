// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Daemon

@Suite struct CommandLineToolTests {
  /// What one call printed, which action it called with what, and how it ended.
  final class Outcome {
    var status = SyncdStatus.defect
    var output = ""
    var errors = ""
    var called: [(name: String, configuration: Configuration)] = []

    var lastLine: String { String(errors.split(separator: "\n").last ?? "") }
  }

  private func perform(
    _ arguments: [String], environment: [String: String] = [:], conclusion: Conclusion = Conclusion(.done)
  ) -> Outcome {
    let outcome = Outcome()
    func action(_ name: String) -> CommandLineTool.Action {
      { configuration, _ in
        outcome.called.append((name, configuration))
        return conclusion
      }
    }
    let tool = CommandLineTool(
      run: action("run"), check: { configuration, log, _ in action("check")(configuration, log) },
      output: { outcome.output += $0 }, errors: { outcome.errors += $0 })
    outcome.status = tool.perform(arguments, environment: environment)
    return outcome
  }

  private let folder = ScratchFolder()

  private func file(_ text: String = "log_level: error\ndatabase: {name: shop}\n") -> String {
    folder.write(text.utf8, to: "c.yml")
  }

  @Test func withoutACommandItRuns() {
    for arguments in [
      ["-c", file()], ["--config-file", file()], ["run", "-c", file()], ["run", "--config-file=\(file())"],
    ] {
      let outcome = perform(arguments)
      #expect(outcome.called.map(\.name) == ["run"])
      #expect(outcome.status == .done && outcome.errors.isEmpty && outcome.output.isEmpty)
    }
    #expect(perform(["check", "-c", file()]).called.map(\.name) == ["check"])
  }

  @Test func optionsGoBeforeEnvironmentAndFile() {
    let arguments = ["-c", file(), "--log-level", "warning", "--log-format", "json"]
    let configuration = perform(arguments, environment: ["SYNC_LOG_LEVEL": "trace"]).called.first?.configuration
    #expect(configuration?.logLevel == .warning)
    #expect(configuration?.logFormat == .json)
  }

  @Test func theConclusionIsTheLastLineAndTheStatus() {
    for status in SyncdStatus.allCases {
      let outcome = perform(["-c", file()], conclusion: Conclusion(status, "It ended; do something."))
      #expect(outcome.status == status)
      #expect(outcome.errors == "It ended; do something.\n")
    }
    let json = perform(["-c", file(), "--log-format", "json"], conclusion: Conclusion(.positionLost, "It \"ended\"."))
    #expect(json.lastLine.hasSuffix("\"level\":\"error\",\"message\":\"It \\\"ended\\\".\"}"))
  }

  @Test(
    arguments: [
      ([], "Missing expected argument '--config-file <file>'"),
      (["run"], "Missing expected argument '--config-file <file>'"),
      (["check", "-c"], "Missing value for '-c <file>'"),
      (["chekc", "-c", "x"], "there is no command chekc, the nearest is check"),
      (["verify", "-c", "x"], "there is no command verify, the nearest is version"),
      (
        ["-c", "x", "--log-level", "loud"],
        "The value 'loud' is invalid for '--log-level <log-level>': 'loud' is none of trace, debug, info, notice, "
          + "warning, error"
      ),
      (["-c", "x", "--set", "a=b"], "Unknown option '--set'"),
      (["--sett"], "Unknown option '--sett'"),
      (["run", "-c", "x", "more"], "Unexpected argument 'more'"),
      (["-c", "x", "a\nb"], "Unexpected argument 'a"),
    ] as [([String], String)])
  func wrongUsage(_ arguments: [String], _ reason: String) {
    let outcome = perform(arguments)
    #expect(outcome.status == .wrongUsage)
    #expect(outcome.called.isEmpty && outcome.output.isEmpty)
    #expect(outcome.lastLine == "The command line is wrong: \(reason); see \"syncd --help\"")
  }

  @Test func helpIsNoError() {
    for arguments in [
      ["--help"], ["help"], ["run", "--help"], ["check", "-h"], ["version", "--help"], ["help", "run"],
    ] {
      let outcome = perform(arguments)
      #expect(outcome.status == .done)
      #expect(outcome.errors.isEmpty)
      #expect(outcome.output.contains("USAGE: syncd"))
    }
    let options = ["--config-file", "-c,", "--log-level", "--log-format", "--help"]
    for command in ["run", "check", "version"] {
      let output = perform([command, "--help"]).output
      #expect(options.allSatisfy { output.contains($0) })
    }
  }

  @Test func version() {
    let outcome = perform(["version"])
    #expect(outcome.status == .done)
    let lines = outcome.output.split(separator: "\n")
    for protocols in ["PostgreSQL pgoutput", "MySQL binary log", "etcd API v3"] {
      #expect(lines.contains { $0.hasPrefix(protocols) })
    }
    #expect(lines.first == "syncd \(BuildInformation.version)")
    #expect(lines.dropFirst().first == "commit \(BuildInformation.commit)")
    #expect(perform(["version", "-c", "x", "--log-level", "info"]).status == .done)
  }

  @Test func aWrongConfiguration() {
    let path = file("database: {name: shop, prot: 1}\nhttp: {listen: x}\n")
    let outcome = perform(["-c", path])
    #expect(outcome.status == .wrongConfiguration)
    #expect(outcome.called.isEmpty)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.first == "\(path):1: database.prot: unknown key; the nearest is port; write: port: 5432")
    #expect(
      outcome.lastLine
        == "The configuration is wrong at database.prot (\(path):1) and 1 more place, so nothing was started; "
        + "correct each as its line says, this one first: write: port: 5432")
    for outcome in [
      perform(["-c", path, "--log-format", "json"]), perform(["-c", path], environment: ["SYNC_LOG_FORMAT": "json"]),
    ] {
      let lines = outcome.errors.split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines.allSatisfy { $0.hasPrefix("{\"time\":") && $0.hasSuffix("}") })
    }
  }

  @Test func aFileThatIsNotThere() {
    let outcome = perform(["-c", "/nowhere/c.yml"])
    #expect(outcome.status == .wrongConfiguration)
    #expect(
      outcome.errors == """
        /nowhere/c.yml: the file does not exist; name a file that exists
        The configuration is wrong at /nowhere/c.yml, so nothing was started; name a file that exists

        """)
    #expect(perform(["-c", folder.path]).lastLine.hasSuffix("name a file in it"))
    #expect(perform(["-c", "/dev/zero"]).status == .wrongConfiguration)
  }

  @Test func theStatusesAreTheContract() {
    #expect(SyncdStatus.allCases.map(\.rawValue) == [0, 1, 64, 65, 69, 70, 74, 75, 78])
  }
}
