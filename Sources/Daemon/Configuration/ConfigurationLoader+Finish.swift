// SPDX-License-Identifier: Apache-2.0

extension ConfigurationLoader {
  /// Applies what is in force, checks what only shows in the whole, and gives the configuration or all its mistakes.
  mutating func finish() throws(ConfigurationError) -> Configuration {
    if isReadable {
      settlePasswords()
      for setting in Settings.all { apply(setting) }
      checkWhole()
    }
    guard problems.isEmpty else {
      // Swift's sort keeps no order among equals: the position breaks ties.
      let sorted = problems.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
      throw ConfigurationError(problems: sorted.map(\.element.problem))
    }
    configuration.remarks = remarks()
    return configuration
  }

  private mutating func apply(_ setting: Setting) {
    guard let given = given[setting.path] else { return }
    do {
      let value =
        switch given.node {
        case .file(let node): try GivenValue(node, environment: environment)
        case .text(let text): try GivenValue(environment: text, form: setting.form)
        }
      try setting.apply(value, &configuration)
    } catch {
      report(setting, error, at: given.origin)
    }
  }

  // MARK: Passwords

  private static let passwords = ["database.password", "etcd.password"]

  /// `password` and `password_file` say the same thing: the one with the higher precedence is in force, and both at
  /// one place are a mistake. An empty one says nothing.
  private mutating func settlePasswords() {
    for path in ConfigurationLoader.passwords {
      for key in [path, path + "_file"] where isEmpty(key) { given[key] = nil }
      guard let text = given[path], let file = given[path + "_file"] else { continue }
      if text.origin.precedence > file.origin.precedence {
        given[path + "_file"] = nil
      } else if text.origin.precedence < file.origin.precedence {
        given[path] = nil
      } else {
        report(path + "_file", "is given beside \(path)", mend: "keep one of the two", at: file.origin)
      }
    }
  }

  private func isEmpty(_ path: String) -> Bool {
    switch given[path]?.node {
    case .file(let node): node.content == .scalar("", isPlain: false)
    case .text(let text): text.isEmpty
    case nil: false
    }
  }

  // MARK: Remarks

  private func remarks() -> [ConfigurationRemark] {
    var remarks: [ConfigurationRemark] = []
    if !foreign.isEmpty {
      let more = foreign.count > 50 ? ", and \(foreign.count - 50) more" : ""
      let names = foreign.prefix(50).joined(separator: ", ") + more
      remarks.append(ConfigurationRemark(level: .notice, text: "passed over in \(file), not ours: \(names)"))
    }
    for path in ignored {
      remarks.append(ConfigurationRemark(level: .debug, text: "\(path) in \(file) means nothing here"))
    }
    let ours = Settings.all.map(\.environmentName)
    for name in environment.keys.sorted() where name.hasPrefix("SYNC_") && !ours.contains(name) {
      let alike = ours.filter { abs($0.utf8.count - name.utf8.count) <= 2 }
      guard let nearest = Nearest.word(to: name, among: alike), nearest.distance <= 2 else { continue }
      let text = "\(printable(name)) in the environment is no key of ours; the nearest is \(nearest.word)"
      remarks.append(ConfigurationRemark(level: .warning, text: text))
    }
    if configuration.etcd.password.isGiven, configuration.etcd.username.isEmpty {
      remarks.append(ConfigurationRemark(level: .warning, text: "etcd.password is not used without etcd.username"))
    }
    return remarks
  }
}
