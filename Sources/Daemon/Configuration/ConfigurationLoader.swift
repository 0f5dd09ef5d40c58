// SPDX-License-Identifier: Apache-2.0

/// Where a value was given.
enum ValueOrigin: Sendable, Equatable {
  case file(line: Int)
  case environment(name: String)
  case commandLine(option: String)

  /// "command line, environment, file, default": the higher one is in force.
  var precedence: Int {
    switch self {
    case .file: 0
    case .environment: 1
    case .commandLine: 2
    }
  }
}

extension Configuration {
  /// Reads the file and puts the environment and the command line over it.
  ///
  /// - Parameter commandLine: by key's path, what the options said.
  package static func load(
    file path: String, environment: [String: String], commandLine: [String: String] = [:]
  ) throws(ConfigurationError) -> Configuration {
    let bytes: [UInt8]
    do {
      bytes = try TextFile.read(path, bytesMax: YAMLParser.bytesMax)
    } catch {
      let place = printable(path)
      let problem = ConfigurationProblem(place: place, path: "", what: "the file \(error.reason)", mend: error.mend)
      throw ConfigurationError(problems: [problem])
    }
    return try load(bytes, named: path, environment: environment, commandLine: commandLine)
  }

  /// The same for a file that is already read.
  package static func load(
    _ bytes: [UInt8], named path: String, environment: [String: String], commandLine: [String: String] = [:]
  ) throws(ConfigurationError) -> Configuration {
    var loader = ConfigurationLoader(file: printable(path), environment: environment)
    loader.takeFile(bytes)
    loader.takeEnvironment()
    loader.takeCommandLine(commandLine)
    return try loader.finish()
  }
}

/// Collects what was given and everything that is wrong with it, so that one start shows all mistakes.
struct ConfigurationLoader {
  let file: String
  let environment: [String: String]
  /// The value in force of each key that was given.
  var given: [String: Given] = [:]
  var problems: [(line: Int, problem: ConfigurationProblem)] = []
  var configuration = Configuration()
  /// Whether the file is keys and values at all: if not, nothing can be said about any of them.
  var isReadable = true
  /// Top-level keys of others, with their lines.
  var foreign: [String] = []
  /// Keys of the original service that mean nothing here.
  var ignored: [String] = []

  struct Given {
    var node: Node
    var origin: ValueOrigin
    /// The key as it was written: the setting's path, or another name of it.
    var key: String
  }

  enum Node {
    case file(YAMLNode)
    case text(String)
  }

  init(file: String, environment: [String: String]) {
    self.file = file
    self.environment = environment
  }

  // MARK: What is given

  mutating func takeFile(_ bytes: [UInt8]) {
    do {
      guard let root = try YAMLParser.parse(bytes) else { return }
      switch root.content {
      case .mapping(let entries): take(entries, in: "")
      case .scalar("", isPlain: true): break
      case .scalar, .sequence:
        isReadable = false
        report("", "is not a list of keys", mend: "write one \"key: value\" a line", at: .file(line: root.line))
      }
    } catch {
      isReadable = false
      report("", "column \(error.column): \(error.reason)", mend: error.mend, at: .file(line: error.line))
    }
  }

  private mutating func take(_ entries: [YAMLNode.Entry], in section: String) {
    for entry in entries {
      let path = section.isEmpty ? entry.key : "\(section).\(entry.key)"
      let origin = ValueOrigin.file(line: entry.keyLine)
      if let setting = Settings.byPath[path] {
        take(setting, path, entry.value, origin)
      } else if let legacy = Settings.legacy[path] {
        switch legacy {
        case .ignored: ignored.append(path)
        case .sameAs(let other): Settings.byPath[other].map { take($0, path, entry.value, origin) }
        }
      } else if Settings.sections.contains(path) {
        takeSection(path, entry, origin)
      } else {
        takeUnknown(entry, in: section, origin)
      }
    }
  }

  private mutating func take(_ setting: Setting, _ key: String, _ node: YAMLNode, _ origin: ValueOrigin) {
    // `key:` with nothing behind it gives nothing.
    if case .scalar("", isPlain: true) = node.content { return }
    guard let first = given[setting.path], case .file(let other) = first.node else {
      given[setting.path] = Given(node: .file(node), origin: origin, key: key)
      return
    }
    // No key stands twice in a file: the other one has another name.
    guard !areSame(other, node, setting) else { return }
    report(key, "says something else than \(first.key), the same key", mend: "keep one of the two lines", at: origin)
  }

  private func areSame(_ a: YAMLNode, _ b: YAMLNode, _ setting: Setting) -> Bool {
    guard let a = try? GivenValue(a, environment: environment), let b = try? GivenValue(b, environment: environment)
    else { return false }
    var (first, second) = (Configuration(), Configuration())
    guard (try? setting.apply(a, &first)) != nil, (try? setting.apply(b, &second)) != nil else { return false }
    return first == second
  }

  private mutating func takeSection(_ path: String, _ entry: YAMLNode.Entry, _ origin: ValueOrigin) {
    switch entry.value.content {
    case .mapping(let entries): take(entries, in: path)
    case .scalar("", isPlain: true): break
    case .scalar, .sequence:
      let names = Settings.names(in: path).joined(separator: ", ")
      report(path, "is a section, not a value", mend: "write its keys indented below it: \(names)", at: origin)
    }
  }

  private mutating func takeUnknown(_ entry: YAMLNode.Entry, in section: String, _ origin: ValueOrigin) {
    let name = keyName(entry.key)
    let names = Settings.names(in: section)
    let nearest = Nearest.word(to: entry.key, among: names)
    if section.isEmpty, (nearest?.distance ?? 0) > 2 {
      foreign.append("\(name) (line \(entry.keyLine))")
      return
    }
    let path = section.isEmpty ? name : "\(section).\(name)"
    let advice = advice(on: entry.key, in: section, nearest)
    report(path, "unknown key; \(advice.hint)", mend: advice.mend, at: origin)
  }

  mutating func takeEnvironment() {
    for setting in Settings.all {
      guard let text = environment[setting.environmentName] else { continue }
      let origin = ValueOrigin.environment(name: setting.environmentName)
      given[setting.path] = Given(node: .text(text), origin: origin, key: setting.path)
    }
  }

  mutating func takeCommandLine(_ options: [String: String]) {
    for (path, text) in options {
      let option = "--" + path.split(separator: "_").joined(separator: "-")
      given[path] = Given(node: .text(text), origin: .commandLine(option: option), key: path)
    }
  }
}
