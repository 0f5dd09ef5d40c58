// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// AuthenticationMD5Password: `concat('md5', md5(concat(md5(concat(password, username)), random-salt)))`.
package enum MD5Password {
  package static func answer(user: String, password: String, salt: [UInt8]) -> String {
    let inner = hexadecimal(Digest.md5.hash(Array(password.utf8) + Array(user.utf8)))
    return "md5" + hexadecimal(Digest.md5.hash(Array(inner.utf8) + salt))
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
