// SPDX-License-Identifier: Apache-2.0

/// One requirement of `run`, as `check` found it: one line.
struct Finding: Equatable, CustomStringConvertible {
  enum Level: String {
    case ok
    case warning
    case problem
  }

  var level: Level
  var text: String
  /// What to type. Empty where there is nothing to mend.
  var mend = ""

  static func ok(_ text: String) -> Finding { Finding(level: .ok, text: text) }
  static func warning(_ text: String, _ mend: String = "") -> Finding {
    Finding(level: .warning, text: text, mend: mend)
  }
  static func problem(_ text: String, _ mend: String) -> Finding { Finding(level: .problem, text: text, mend: mend) }

  var description: String {
    let name = level.rawValue + String(repeating: " ", count: 8 - level.rawValue.count)
    return mend.isEmpty ? "\(name) \(text)" : "\(name) \(text); type: \(mend)"
  }
}
