// SPDX-License-Identifier: Apache-2.0

/// A value on its way from where it was given to the setting that takes it: `${NAME}` put in, no type yet.
struct GivenValue: Sendable, Equatable {
  indirect enum Content: Sendable, Equatable {
    /// `key:` with nothing behind it, or `null`.
    case nothing
    /// `isQuoted`: a text whatever it looks like. What the environment gave never is.
    case text(String, isQuoted: Bool)
    case list([GivenValue])
    case map([Member])
  }

  struct Member: Sendable, Equatable {
    var key: String
    var line: Int
    var value: GivenValue
  }

  var content: Content
  /// As a message may repeat it: `${NAME}` as it was written, for what NAME holds may be a secret.
  var shown: String
  /// `nil`: not from the file.
  var line: Int?
}

/// A value that its setting does not take.
struct Refusal: Error, Equatable {
  enum Mend: Equatable {
    /// What to write behind the key.
    case value(String)
    /// A sentence of its own.
    case clause(String)
  }

  /// Continues a sentence that begins with the key's path.
  var what: String
  /// `nil`: the setting's own example.
  var mend: Mend?
  /// Where in the value, if it has several lines.
  var line: Int?

  init(_ what: String, mend: Mend? = nil, line: Int? = nil) {
    self.what = what
    self.mend = mend
    self.line = line
  }
}

extension GivenValue {
  /// From the environment: a text, cut at its commas where the setting takes a list; what begins with a bracket is
  /// read as YAML, so that every setting can be given.
  init(environment text: String, form: SettingForm) throws(Refusal) {
    let isBracketed = text.first == "[" || text.first == "{"
    switch form {
    case .list where isBracketed, .map:
      guard let node = try? YAMLParser.parse(Array(text.utf8)) else {
        throw Refusal("is not a YAML list or map in brackets")
      }
      self = try GivenValue(node, environment: [:])
      line = nil
    case .list:
      let items = text.split(separator: ",").map { GivenValue(text: $0.trimmed) }
      self.init(content: .list(items), shown: text, line: nil)
    case .scalar:
      self.init(text: text)
    }
  }

  private init(text: String) {
    self.init(content: .text(text, isQuoted: false), shown: text, line: nil)
  }

  /// From the file.
  init(_ node: YAMLNode, environment: [String: String]) throws(Refusal) {
    line = node.line
    switch node.content {
    case .scalar(let text, let isPlain):
      if isPlain, ["", "~", "null", "Null", "NULL"].contains(text) {
        content = .nothing
      } else {
        let value = try Substitution.apply(to: text, environment: environment, line: node.line)
        // "${PORT}" in quotes is a number too: the quotes are about the braces, not about the type.
        content = .text(value.text, isQuoted: !isPlain && !value.isChanged)
      }
      shown = text
    case .sequence(let nodes):
      var items: [GivenValue] = []
      for node in nodes { items.append(try GivenValue(node, environment: environment)) }
      content = .list(items)
      shown = "a list"
    case .mapping(let entries):
      var members: [Member] = []
      for entry in entries {
        let value = try GivenValue(entry.value, environment: environment)
        members.append(Member(key: entry.key, line: entry.keyLine, value: value))
      }
      content = .map(members)
      shown = "a section"
    }
  }
}

/// `${NAME}` in a text of the file stands for the environment's NAME; `$${` for `${` itself.
enum Substitution {
  static func apply(
    to text: String, environment: [String: String], line: Int?
  ) throws(Refusal) -> (text: String, isChanged: Bool) {
    var result = ""
    var rest = text[...]
    var isChanged = false
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        result += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        let name = rest.dropFirst(2).prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard rest.dropFirst(2 + name.count).first == "}", let first = name.first, !first.isNumber else {
          throw Refusal("has a ${ that no name and } follow", mend: .clause("write $${ for a literal ${"), line: line)
        }
        guard let value = environment[String(name)] else {
          let mend = Refusal.Mend.clause("set \(name) in the environment of syncd")
          throw Refusal("takes ${\(name)}, and the environment has no \(name)", mend: mend, line: line)
        }
        result += value
        rest = rest.dropFirst(name.count + 3)
        isChanged = true
      } else {
        result += "$"
        rest = rest.dropFirst()
      }
    }
    return (result + rest, isChanged)
  }
}

extension StringProtocol {
  /// Without the spaces around it.
  var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
