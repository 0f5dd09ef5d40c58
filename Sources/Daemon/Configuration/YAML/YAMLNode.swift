// SPDX-License-Identifier: Apache-2.0

/// One node of a YAML document, and where it stands: every message about a configuration needs the line.
struct YAMLNode: Sendable, Equatable {
  enum Content: Sendable, Equatable {
    /// Quoted or in a block, a scalar is a text and nothing else; plain, its key decides what it is.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Entry])
  }

  struct Entry: Sendable, Equatable {
    var key: String
    var keyLine: Int
    var value: YAMLNode
  }

  var content: Content
  /// Counted from 1.
  var line: Int
  var column: Int
}

/// Why a text is no YAML document of ours.
struct YAMLError: Error, Equatable {
  var reason: String
  var mend: String
  /// Counted from 1.
  var line: Int
  var column: Int
}
