// SPDX-License-Identifier: Apache-2.0

/// Every key that Sync knows.
enum Settings {
  static let all: [Setting] = general + database + databaseDetails + tables + etcd + sync + rim

  static let byPath: [String: Setting] = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

  /// "database", "database.tls", …
  static let sections: Set<String> = Set(
    all.flatMap { setting in
      let parts = setting.path.split(separator: ".")
      return (1..<max(parts.count, 1)).map { parts[..<$0].joined(separator: ".") }
    })

  /// Keys of the original service that mean nothing here, or something that has another name.
  static let legacy: [String: Legacy] = [
    "database.type": .sameAs("database.driver"),
    "database.dialect": .ignored,
    "database.max_open_conn": .ignored,
    "database.debug": .ignored,
  ]

  enum Legacy: Sendable, Equatable {
    case sameAs(String)
    case ignored
  }

  /// What may stand in a section: its keys and the sections in it.
  static func names(in section: String) -> [String] {
    let prefix = section.isEmpty ? "" : section + "."
    var names: [String] = []
    for setting in all where setting.path.hasPrefix(prefix) {
      let name = String(setting.path.dropFirst(prefix.count).prefix { $0 != "." })
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}
