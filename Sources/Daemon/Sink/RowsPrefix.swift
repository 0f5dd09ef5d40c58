// SPDX-License-Identifier: Apache-2.0

/// What the keys of all rows of a replication begin with, `/sync/`: what it owns.
package struct RowsPrefix: Equatable, Sendable, CustomStringConvertible {
  package let text: String

  package var description: String { text }

  package init(_ text: String) { self.text = text }

  /// Whether a key could be below both.
  package func meets(_ other: RowsPrefix) -> Bool {
    text.utf8.starts(with: other.text.utf8) || other.text.utf8.starts(with: text.utf8)
  }

  package func contains(_ other: RowsPrefix) -> Bool { other.text.utf8.starts(with: text.utf8) }

  // MARK: As a part of a key

  /// As the name of an owner's key: without the slashes at both ends. `*` stands for what follows a prefix that ends
  /// inside a name (`{path}/t_{table}/{key}`). If a prefix itself ends with `*/`, its name means more than it: a second
  /// replication may be refused in vain, but never let in.
  package var name: String {
    text.hasSuffix("/") && text.utf8.count > 1 ? String(text.dropFirst().dropLast()) : text.dropFirst() + "*"
  }

  package init(name: some StringProtocol) {
    text = name.hasSuffix("*") ? "/\(name.dropLast())" : "/\(name)/"
  }
}

extension Configuration {
  package var rowsPrefix: RowsPrefix {
    RowsPrefix(String(decoding: sync.key.root(path: etcd.path), as: UTF8.self))
  }
}
