// SPDX-License-Identifier: Apache-2.0

/// How a setting is written where there is no YAML: in the environment.
enum SettingForm: Sendable {
  case scalar
  case list
  case map
}

/// What a setting takes: how a given value becomes one of ours, and how one of ours is written.
struct SettingKind<Value: Sendable>: Sendable {
  /// Continues "… is not": "a port number from 1 to 65535".
  var expects: String
  /// A value that is right, as it is written behind the key.
  var example: String
  var form = SettingForm.scalar
  /// No message repeats a value of this kind.
  var isSecret = false
  var read: @Sendable (GivenValue) throws(Refusal) -> Value
  /// As it would be written behind the key, for the documentation of defaults.
  var write: @Sendable (Value) -> String

  /// The same with another example, where one that fits the key helps more.
  func example(_ text: String) -> SettingKind {
    var copy = self
    copy.example = text
    return copy
  }
}

extension GivenValue {
  /// How a message names this value: never what a substitution put in, nor what stands before an `@` (a password).
  var quoted: String {
    var text = shown
    if let at = text.lastIndex(of: "@") { text = "…" + text[at...] }
    return "\"\(printable(text, charactersMax: 60))\""
  }

  func refusal(_ what: String, mend: Refusal.Mend? = nil) -> Refusal {
    Refusal(what, mend: mend, line: line)
  }

  /// The text of a scalar, quoted or not.
  func text(_ expects: String) throws(Refusal) -> String {
    switch content {
    case .text(let text, _): return text
    case .nothing: throw refusal("is empty, not \(expects)")
    case .list: throw refusal("is a list, not \(expects)")
    case .map: throw refusal("is a section, not \(expects)")
    }
  }

  /// The text of a scalar that is no quoted text: numbers, true and false.
  func plain(_ expects: String) throws(Refusal) -> String {
    let text = try text(expects)
    guard content == .text(text, isQuoted: false) else {
      throw refusal("is the text \(quoted) in quotes, not \(expects)", mend: .value(printable(text)))
    }
    return text
  }

  /// The items of a list; one scalar is a list of one.
  func items(_ expects: String) throws(Refusal) -> [GivenValue] {
    switch content {
    case .list(let items): return items
    case .text: return [self]
    case .nothing: return []
    case .map: throw refusal("is a section, not \(expects)")
    }
  }

  func map<Value>(
    _ expects: String, _ convert: (String) throws(Refusal) -> Value
  ) throws(Refusal) -> Value {
    do {
      return try convert(try text(expects))
    } catch {
      throw Refusal(error.what, mend: error.mend, line: error.line ?? line)
    }
  }
}

/// A text as YAML takes it in any place: quoted unless it plainly is one word.
func yamlText(_ text: String) -> String {
  let isWord = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"): true
    default: false
    }
  }
  if isWord, !text.isEmpty, text.utf8.first != UInt8(ascii: "-") { return text }
  var result = "\""
  for character in text {
    if character == "\"" || character == "\\" { result += "\\" }
    result.append(character)
  }
  return result + "\""
}
