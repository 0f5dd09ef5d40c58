// SPDX-License-Identifier: Apache-2.0
/// A string as it stands in a replication command: that grammar knows doubled quotes, but no backslashes and no `E''`.
struct ReplicationLiteral: CustomStringConvertible {
  var value: String

  init(_ value: String) {
    self.value = value
  }

  var description: String {
    var text = "'"
    for character in value.unicodeScalars {
      text.unicodeScalars.append(character)
      if character == "'" { text.unicodeScalars.append(character) }
    }
    return text + "'"
  }
}
