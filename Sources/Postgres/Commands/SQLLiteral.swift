// SPDX-License-Identifier: Apache-2.0
/// A string as it stands in SQL, whatever `standard_conforming_strings` says.
public struct SQLLiteral: Hashable, Sendable, CustomStringConvertible {
  public var value: String

  public init(_ value: String) {
    self.value = value
  }

  public var description: String {
    var text = "'"
    var hasBackslash = false
    for character in value.unicodeScalars {
      text.unicodeScalars.append(character)
      if character == "'" || character == "\\" { text.unicodeScalars.append(character) }
      if character == "\\" { hasBackslash = true }
    }
    return (hasBackslash ? " E" : "") + text + "'"
  }
}
