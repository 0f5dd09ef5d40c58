// SPDX-License-Identifier: Apache-2.0

private import Wire

/// `sync.key`, taken apart: `{path}/{schema}/{table}/{key}`.
///
/// `{key}` must be the last part and stand behind a `/`. All keys of a table then have a prefix of their own that ends
/// with `/`, and deleting the prefix (TRUNCATE, DROP TABLE) never reaches into another table: the values of the parts
/// hold no `/`, so every prefix of one template has equally many, and one cannot begin with another.
package struct KeyTemplate: Sendable, Equatable {
  package enum Part: Sendable, Equatable {
    case literal(String)
    case path
    case schema
    case table
  }

  package struct Malformed: Error, Equatable {
    package var reason: String
  }

  package static let standard = KeyTemplate(
    source: "{path}/{schema}/{table}/{key}",
    parts: [
      .path, .literal("/"), .schema, .literal("/"), .table, .literal("/"),
    ])

  /// As it was written.
  package let source: String
  /// What stands before the key, without the one `/` that every key begins with. Ends with a literal that ends with
  /// `/`, or is empty.
  package let parts: [Part]

  private init(source: String, parts: [Part]) {
    self.source = source
    self.parts = parts
  }

  /// Everything before the key's own components, for one table: `/sync/public/users/`.
  package func prefix(path: String, schema: String, table: String) -> [UInt8] {
    expand(parts[...], path: path, schema: schema, table: table)
  }

  /// What all keys of all tables begin with: `/sync/`. This is what one replication owns.
  package func root(path: String) -> [UInt8] {
    expand(parts.prefix { $0 != .schema && $0 != .table }, path: path, schema: "", table: "")
  }

  private func expand(_ parts: ArraySlice<Part>, path: String, schema: String, table: String) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt8(ascii: "/"))
    for part in parts {
      switch part {
      case .literal(let text): writer.append(text)
      case .path: writer.append(path)
      case .schema: unsafe writer.append(keyComponent: schema.utf8.span.bytes)
      case .table: unsafe writer.append(keyComponent: table.utf8.span.bytes)
      }
    }
    return writer.withBytes { bytes in bytes.byteOffsets.map { bytes[$0] } }
  }
}

// MARK: - Reading a template

extension KeyTemplate {
  private static let placeholders: [(name: String, part: Part?)] = [
    ("path", .path), ("schema", .schema), ("table", .table), ("key", nil),
  ]

  package init(_ source: String) throws(Malformed) {
    var parts: [Part] = []
    var literal = ""
    var rest = source.drop { $0 == "/" }
    func flush() {
      if !literal.isEmpty { parts.append(.literal(literal)) }
      literal = ""
    }
    var isEnded = false
    while let character = rest.first {
      guard !isEnded else { throw Malformed(reason: "has more behind {key}, which must be the last part") }
      guard character == "{" else {
        guard character != "}" else { throw Malformed(reason: "has a } without its {") }
        guard character.unicodeScalars.allSatisfy({ $0.value > 0x1F && $0.value != 0x7F }) else {
          throw Malformed(reason: "has a control character")
        }
        literal.append(character)
        rest = rest.dropFirst()
        continue
      }
      guard let end = rest.firstIndex(of: "}") else { throw Malformed(reason: "has a { without its }") }
      let name = String(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[rest.index(after: end)...]
      guard let placeholder = KeyTemplate.placeholders.first(where: { $0.name == name }) else {
        throw Malformed(reason: "has {\(printable(name))}; a template knows {path}, {schema}, {table} and {key}")
      }
      flush()
      if let part = placeholder.part {
        guard !parts.contains(part) else { throw Malformed(reason: "has {\(name)} twice") }
        parts.append(part)
      } else {
        isEnded = true
      }
    }
    guard isEnded else { throw Malformed(reason: "does not contain {key}") }
    try KeyTemplate.checkSlashes(parts)
    self.init(source: source, parts: parts)
  }

  private static func checkSlashes(_ parts: [Part]) throws(Malformed) {
    guard let last = parts.last else { throw Malformed(reason: "would make all of etcd the table's own") }
    guard case .literal(let text) = last, text.hasSuffix("/") else {
      throw Malformed(reason: "has no / before {key}: the keys of one table could begin like those of another")
    }
    for case .literal(let text) in parts where text.contains("//") {
      throw Malformed(reason: "has an empty part (//)")
    }
  }
}

// MARK: - Tables that would meet

extension KeyTemplate {
  package enum Conflict: Sendable, Equatable {
    /// Two tables would share every key.
    case samePrefix(first: String, second: String, prefix: String)
    /// A table's keys would lie among the state's, or around them.
    case state(table: String, prefix: String)
  }

  /// The first conflict among the chosen tables. Each is (schema, table).
  package func conflict(
    among tables: [(schema: String, table: String)], path: String, statePath: String
  ) -> Conflict? {
    let state = Array("/\(statePath)/".utf8)
    var owners: [[UInt8]: String] = [:]
    for (schema, table) in tables {
      let name = "\(schema).\(table)"
      let prefix = prefix(path: path, schema: schema, table: table)
      let text = String(decoding: prefix, as: UTF8.self)
      if prefix.starts(with: state) || state.starts(with: prefix) { return .state(table: name, prefix: text) }
      if let other = owners.updateValue(name, forKey: prefix) {
        return .samePrefix(first: other, second: name, prefix: text)
      }
    }
    return nil
  }
}

extension KeyTemplate.Conflict: CustomStringConvertible {
  package var description: String {
    switch self {
    case .samePrefix(let first, let second, let prefix):
      "sync.key gives \(first) and \(second) the same prefix \(prefix); "
        + "write: key: \"\(KeyTemplate.standard.source)\", or choose only one of them in tables"
    case .state(let table, let prefix):
      "sync.key gives \(table) the prefix \(prefix), which meets our own state; write another etcd.state_path"
    }
  }
}
