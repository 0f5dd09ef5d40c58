// SPDX-License-Identifier: Apache-2.0

extension SettingKind where Value == String {
  /// Any text, also an empty one.
  static var text: SettingKind {
    SettingKind(expects: "a text", example: "\"\"") { (value) throws(Refusal) in
      let text = try value.text("a text")
      guard !text.utf8.contains(0) else { throw value.refusal("has a zero byte") }
      return text
    } write: {
      yamlText($0)
    }
  }

  /// A name that a server or a key of ours gives meaning to: not empty, no control characters, bounded.
  static func name(_ what: String, bytesMax: Int, example: String) -> SettingKind {
    let expects = "\(what) of 1 to \(bytesMax) bytes"
    return SettingKind(expects: expects, example: example) { (value) throws(Refusal) in
      let text = try value.text(expects)
      try checkName(text, of: value, expects: expects, bytesMax: bytesMax)
      return text
    } write: {
      yamlText($0)
    }
  }

  /// "Slot names may contain lower case letters, numbers, and the underscore character"
  static var slot: SettingKind {
    let expects = "a slot's name: 1 to 63 of a-z, 0-9 and _"
    return SettingKind(expects: expects, example: "sync_service") { (value) throws(Refusal) in
      let text = try value.text(expects)
      let isName = text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
      }
      guard isName, (1...63).contains(text.utf8.count) else { throw value.refusal("\(value.quoted) is not \(expects)") }
      return text
    } write: {
      yamlText($0)
    }
  }

  /// The name of this replication: one part of a key in etcd.
  static var replicationName: SettingKind {
    let name = SettingKind.name("a name", bytesMax: 200, example: "default")
    return SettingKind(expects: name.expects, example: name.example) { (value) throws(Refusal) in
      let text = try name.read(value)
      guard !text.contains("/") else { throw value.refusal("\(value.quoted) has a /; it is one part of a key in etcd") }
      // Beside the names, state_path holds `owner/`: which prefix belongs to whom.
      guard text != "owner" else { throw value.refusal("\"owner\" is taken by Sync itself") }
      return text
    } write: {
      yamlText($0)
    }
  }

  /// The first part of keys in etcd. The slashes around it are ours to write: every key begins with exactly one.
  static func keyPath(example: String) -> SettingKind {
    let expects = "a path of 1 to 1000 bytes, such as sync or prod/sync"
    return SettingKind(expects: expects, example: example) { (value) throws(Refusal) in
      let text = try value.text(expects)
      let inner = String(text.drop { $0 == "/" }.reversed().drop { $0 == "/" }.reversed())
      try checkName(inner, of: value, expects: expects, bytesMax: 1000)
      guard !inner.contains("//") else { throw value.refusal("\(value.quoted) has an empty part (//)") }
      return inner
    } write: {
      yamlText($0)
    }
  }
}

private func checkName(
  _ text: String, of value: GivenValue, expects: String, bytesMax: Int
) throws(Refusal) {
  guard (1...bytesMax).contains(text.utf8.count) else { throw value.refusal("\(value.quoted) is not \(expects)") }
  guard text.utf8.allSatisfy({ $0 > 0x1F && $0 != 0x7F }) else { throw value.refusal("has a control character") }
}

extension SettingKind where Value == Secret {
  static var password: SettingKind {
    secret(example: "${SYNC_DB_PASSWORD}") { Secret($0) }
  }

  static var passwordFile: SettingKind {
    secret(example: "/run/secrets/password") { $0.isEmpty ? .none : Secret(file: $0) }
  }

  private static func secret(example: String, _ make: @escaping @Sendable (String) -> Secret) -> SettingKind {
    SettingKind(expects: "a text", example: example, isSecret: true) { (value) throws(Refusal) in
      let text = try value.text("a text")
      guard !text.utf8.contains(0) else { throw value.refusal("has a zero byte") }
      return make(text)
    } write: { _ in
      "\"\""
    }
  }
}

extension SettingKind where Value == [String] {
  /// Host names and addresses in the order in which they are tried, or Unix sockets.
  static var hosts: SettingKind {
    let expects = "a host, or a list of hosts"
    return SettingKind(expects: expects, example: "localhost", form: .list) { (value) throws(Refusal) in
      var hosts: [String] = []
      for item in try value.items(expects) {
        hosts.append(try item.map("a host") { (text) throws(Refusal) in try HostText.check(text, shown: item.quoted) })
      }
      guard !hosts.isEmpty else { throw value.refusal("names no host") }
      return hosts
    } write: {
      list($0)
    }
  }

  /// PostgreSQL: the database; MySQL: one schema or several.
  static var databaseNames: SettingKind {
    let expects = "the name of a database"
    let name = SettingKind<String>.name(expects, bytesMax: 64, example: "shop")
    return SettingKind(expects: expects, example: "shop", form: .list) { (value) throws(Refusal) in
      var names: [String] = []
      for item in try value.items(expects) {
        let text = try name.read(item)
        guard !names.contains(text) else { throw item.refusal("has \(item.quoted) twice") }
        names.append(text)
      }
      guard !names.isEmpty else { throw value.refusal("is an empty list") }
      return names
    } write: {
      list($0)
    }
  }

  private static func list(_ items: [String]) -> String {
    items.count == 1 ? yamlText(items[0]) : "[\(items.map(yamlText).joined(separator: ", "))]"
  }
}
