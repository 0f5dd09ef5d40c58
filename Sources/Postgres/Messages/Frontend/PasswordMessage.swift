// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// The answer to a request for a cleartext or an md5 password.
  package struct PasswordMessage: Message {
    package static let tag = UInt8(ascii: "p")
    package static let name: StaticString = "PasswordMessage"
    package var password: String

    package init(password: String) {
      self.password = password
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      password = try reader.string()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(cString: password)
    }
  }
}
