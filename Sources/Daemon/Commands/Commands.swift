// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command line as it is written: what there is, not what it does (`CommandLineTool` does it).
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "syncd",
    abstract: "Keeps etcd equal to the tables of a database.",
    discussion: "\"syncd --config-file FILE\" is short for \"syncd run --config-file FILE\".",
    subcommands: [RunCommand.self, CheckCommand.self, VersionCommand.self],
    defaultSubcommand: RunCommand.self)

  /// What may stand first where it is no option.
  static let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
}

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Dump if needed, then sync until SIGTERM or SIGINT.")

  @OptionGroup var file: FileOption
  @OptionGroup var log: LogOptions
}

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Connect to both sides, change nothing, and print whether \"run\" would work.")

  @OptionGroup var file: FileOption
  @OptionGroup var log: LogOptions
}

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print version, commit and protocol versions.")

  /// Every command takes it; this one has no use for it.
  @Option(name: [.customShort("c"), .long], help: ArgumentHelp("Not read.", valueName: "file"))
  var configFile: String?
  @OptionGroup var log: LogOptions
}

struct FileOption: ParsableArguments {
  @Option(name: [.customShort("c"), .long], help: ArgumentHelp("The configuration, in YAML.", valueName: "file"))
  var configFile: String
}

struct LogOptions: ParsableArguments {
  @Option(help: "trace, debug, info, notice, warning or error.", transform: word)
  var logLevel: LogLevel?

  @Option(help: "text or json.", transform: word)
  var logFormat: LogFormat?

  /// What is said here, by the path of its key.
  var byPath: [String: String] {
    var options: [String: String] = [:]
    options["log_level"] = logLevel?.rawValue
    options["log_format"] = logFormat?.rawValue
    return options
  }
}

private func word<Word: RawRepresentable<String> & CaseIterable>(_ text: String) throws -> Word {
  guard let word = Word(rawValue: text) else {
    throw ValidationError("'\(printable(text))' is none of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
  }
  return word
}
