// SPDX-License-Identifier: Apache-2.0

extension ConfigurationLoader {
  mutating func report(_ path: String, _ what: String, mend: String, at origin: ValueOrigin?) {
    let place: String
    var order = Int.max
    switch origin {
    case .file(let line):
      place = "\(file):\(line)"
      order = line
    case .environment(let name): place = name
    case .commandLine(let option): place = option
    case nil: place = file
    }
    let problem = ConfigurationProblem(place: place, path: printable(path), what: what, mend: mend)
    problems.append((order, problem))
  }

  mutating func report(_ setting: Setting, _ refusal: Refusal, at origin: ValueOrigin) {
    let mend =
      switch refusal.mend {
      case .clause(let text): text
      case .value(let value): write(setting, value, at: origin)
      case nil: write(setting, setting.example, at: origin)
      }
    var origin = origin
    if case .file = origin, let line = refusal.line { origin = .file(line: line) }
    report(setting.path, refusal.what, mend: mend, at: origin)
  }

  private func write(_ setting: Setting, _ value: String, at origin: ValueOrigin) -> String {
    switch origin {
    case .file: "write: \(setting.leaf): \(value)"
    case .environment(let name): "set \(name)=\(value)"
    case .commandLine(let option): "write: \(option) \(value)"
    }
  }

  /// What an unknown key was probably meant to be, and the line that says it.
  func advice(
    on key: String, in section: String, _ nearest: (word: String, distance: Int)?
  ) -> (hint: String, mend: String) {
    let names = Settings.names(in: section)
    if let nearest, nearest.distance <= max(2, nearest.word.utf8.count / 3) {
      return ("the nearest is \(nearest.word)", write(nearest.word, in: section))
    }
    if let elsewhere = Settings.all.first(where: { $0.leaf == key && $0.section != section }) {
      let place = elsewhere.section.isEmpty ? "at the left margin" : "in the section \(elsewhere.section)"
      return ("\(key) belongs \(place)", "write there: \(key): \(elsewhere.example)")
    }
    let word = nearest?.word ?? ""
    return ("the nearest is \(word), of \(names.joined(separator: ", "))", write(word, in: section))
  }

  private func write(_ name: String, in section: String) -> String {
    let path = section.isEmpty ? name : "\(section).\(name)"
    return "write: \(name):" + (Settings.byPath[path].map { " \($0.example)" } ?? "")
  }
}
