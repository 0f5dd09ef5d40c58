// SPDX-License-Identifier: Apache-2.0

extension SettingKind where Value == [NamePattern] {
  /// Globs and regular expressions on dotted names.
  static func patterns(_ parts: [String], example: String, mayBeEmpty: Bool = true) -> SettingKind {
    let shape = parts.joined(separator: ".")
    let expects = "a list of \(shape) patterns"
    return SettingKind(expects: expects, example: example, form: .list) { (value) throws(Refusal) in
      var patterns: [NamePattern] = []
      for item in try value.items(expects) {
        let text = try item.text("a \(shape) pattern")
        guard text.utf8.count <= 1000 else { throw item.refusal("has a pattern of more than 1000 bytes") }
        do throws(NamePattern.Malformed) {
          patterns.append(try NamePattern(text, parts: parts))
        } catch {
          let mend = error.mend.map { Refusal.Mend.value("[\(yamlText(printable($0)))]") }
          throw item.refusal("\(item.quoted) \(error.reason)", mend: mend)
        }
      }
      guard mayBeEmpty || !patterns.isEmpty else { throw value.refusal("is empty: nothing would be copied") }
      return patterns
    } write: {
      "[\($0.map { yamlText($0.source) }.joined(separator: ", "))]"
    }
  }
}

extension SettingKind where Value == [String: [String]] {
  /// "schema.table": [column, …]
  static var keyColumns: SettingKind {
    let expects = "a section of \"schema.table\": [column, …]"
    let example = "{\"public.events\": [tenant, id]}"
    return SettingKind(expects: expects, example: example, form: .map) { (value) throws(Refusal) in
      guard case .map(let members) = value.content else { throw value.refusal("is not \(expects)") }
      var result: [String: [String]] = [:]
      for member in members { result[member.key] = try columns(member) }
      return result
    } write: { keys in
      let entries = keys.sorted { $0.key < $1.key }.map { key, columns in
        "\(yamlText(key)): [\(columns.map(yamlText).joined(separator: ", "))]"
      }
      return "{\(entries.joined(separator: ", "))}"
    }
  }

  private static func columns(_ member: GivenValue.Member) throws(Refusal) -> [String] {
    let table = "\"\(printable(member.key))\""
    func refusal(_ what: String) -> Refusal { Refusal("\(table) \(what)", line: member.line) }
    let parts = member.key.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts.contains("") else { throw refusal("is not schema.table") }
    guard !member.key.contains("*"), !member.key.contains("?") else {
      throw refusal("is a pattern; each table has an entry of its own")
    }
    var columns: [String] = []
    for item in try member.value.items("a list of columns") {
      let column = try item.text("a column")
      guard !column.isEmpty else { throw refusal("has an empty column") }
      guard !columns.contains(column) else { throw refusal("has \(item.quoted) twice") }
      columns.append(column)
    }
    guard !columns.isEmpty else { throw refusal("has no column") }
    return columns
  }
}

extension SettingKind where Value == KeyTemplate {
  static var keyTemplate: SettingKind {
    let expects = "a template such as \(KeyTemplate.standard.source)"
    return SettingKind(expects: expects, example: "\"\(KeyTemplate.standard.source)\"") { (value) throws(Refusal) in
      let text = try value.text(expects)
      do throws(KeyTemplate.Malformed) {
        return try KeyTemplate(text)
      } catch {
        throw value.refusal("\(value.quoted) \(error.reason)")
      }
    } write: {
      "\"\($0.source)\""
    }
  }
}
