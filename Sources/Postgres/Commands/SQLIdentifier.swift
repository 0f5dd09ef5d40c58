// SPDX-License-Identifier: Apache-2.0
/// A name as it stands in SQL: always quoted, so that no name is a key word or loses its capitals.
public struct SQLIdentifier: Hashable, Sendable, CustomStringConvertible {
  public var parts: [String]

  public init(_ parts: String...) {
    self.parts = parts
  }

  public var description: String { parts.map(Self.quoted).joined(separator: ".") }

  private static func quoted(_ name: String) -> String {
    var text = "\""
    for character in name.unicodeScalars {
      text.unicodeScalars.append(character)
      if character == "\"" { text.unicodeScalars.append(character) }
    }
    return text + "\""
  }
}
