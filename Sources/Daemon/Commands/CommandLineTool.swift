// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
private import Glibc
package import Logging

/// `syncd` from its arguments to its exit status. What the commands do with a configuration is handed in.
package struct CommandLineTool {
  package typealias Action = (Configuration, Logger) -> Conclusion

  /// `check` prints its findings on standard output.
  package typealias Check = (Configuration, Logger, (String) -> Void) -> Conclusion

  var run: Action
  var check: Check
  var output: (String) -> Void
  var errors: (String) -> Void

  /// The whole process. Synchronous: an asynchronous `main` costs a static binary 25 ms (docs/ARCHITECTURE.md).
  package static func main(run: @escaping Action, check: @escaping Check) -> Never {
    StandardDescriptors.makeSure()
    StandardDescriptors.ignoreBrokenPipes()
    let output = LogWriter(descriptor: STDOUT_FILENO)
    let tool = CommandLineTool(
      run: run, check: check, output: { output.write($0) }, errors: { LogWriter.standardError.write($0) })
    let status = tool.perform(Array(CommandLine.arguments.dropFirst()), environment: ProcessEnvironment.read())
    exit(status.rawValue)
  }

  func perform(_ arguments: [String], environment: [String: String]) -> ExitStatus {
    if let name = arguments.first, !name.hasPrefix("-"), !RootCommand.names.contains(name) {
      let nearest = Nearest.word(to: name, among: RootCommand.names)?.word ?? ""
      return refuse("there is no command \(printable(name)), the nearest is \(nearest)")
    }
    let command: any ParsableCommand
    do {
      command = try RootCommand.parseAsRoot(arguments)
    } catch {
      return refuse(mistake(behind: error, arguments))
    }
    switch command {
    case let command as RunCommand:
      return act(run, on: command.file.configFile, command.log, environment)
    case let command as CheckCommand:
      return act({ check($0, $1, output) }, on: command.file.configFile, command.log, environment)
    case is VersionCommand:
      let lines = ["syncd \(BuildInformation.version)", "commit \(BuildInformation.commit)"]
      output((lines + BuildInformation.protocols).map { "\($0)\n" }.joined())
      return .done
    default:
      // `syncd help`: the parser answers with a command of its own, and prints by running it.
      var command = command
      do {
        try command.run()
        return .done
      } catch {
        return refuse(error)
      }
    }
  }

  private func act(
    _ action: Action, on file: String, _ options: LogOptions, _ environment: [String: String]
  ) -> ExitStatus {
    let configuration: Configuration
    do {
      configuration = try .load(file: file, environment: environment, commandLine: options.byPath)
    } catch {
      // The format is part of what could not be read: what was said outside of the file counts.
      let format = options.logFormat ?? environment["SYNC_LOG_FORMAT"].flatMap(LogFormat.init(rawValue:)) ?? .text
      for problem in error.problems { say("\(problem)", .error, format) }
      say(error.sentence, .error, format)
      return .wrongConfiguration
    }
    let logger = Logger.syncd(level: configuration.logLevel, format: configuration.logFormat)
    for remark in configuration.remarks { logger.log(level: remark.level.level, "\(remark.text)") }
    let conclusion = action(configuration, logger)
    let level: LogLevel = conclusion.status == .done ? .notice : .error
    if !conclusion.sentence.isEmpty { say(conclusion.sentence, level, configuration.logFormat) }
    return conclusion.status
  }

  /// A line that is no event of the log: for people as it is, for programs that read JSON as an event like others.
  private func say(_ sentence: String, _ level: LogLevel, _ format: LogFormat) {
    switch format {
    case .text: errors(printable(sentence, charactersMax: 2000) + "\n")
    case .json: errors(LogLine(time: .now(), level: level, message: sentence, metadata: [:]).rendered(as: .json))
    }
  }

  /// Where the configuration file is missing, the parser speaks of nothing else.
  private func mistake(behind error: any Error, _ arguments: [String]) -> any Error {
    if RootCommand.exitCode(for: error) == .success { return error }
    do {
      _ = try RootCommand.parseAsRoot(arguments + ["--config-file", "."])
      return error
    } catch let other {
      return other
    }
  }

  /// Help that was asked for, or a command line that is none.
  private func refuse(_ error: any Error) -> ExitStatus {
    let text = RootCommand.fullMessage(for: error)
    guard RootCommand.exitCode(for: error) != .success else {
      output(text + "\n")
      return .done
    }
    // The parser's own order is error, usage, advice; here the last line is the one that counts.
    for line in text.split(separator: "\n").dropFirst() where !line.hasPrefix("  See ") && !line.hasPrefix("Help:") {
      errors(line + "\n")
    }
    let reason = RootCommand.message(for: error).split(separator: "\n").first ?? "it is not one"
    return refuse(String(reason.last == "." ? reason.dropLast() : reason))
  }

  private func refuse(_ reason: String) -> ExitStatus {
    errors("The command line is wrong: \(printable(reason, charactersMax: 300)); see \"syncd --help\"\n")
    return .wrongUsage
  }
}
