// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// AuthenticationMD5Password: `concat('md5', md5(concat(md5(concat(password, username)), random-salt)))`.
package enum MD5Password {
  package static func answer(user: String, password: String, salt: [UInt8]) -> String {
    let inner = String(hex: Digest.md5.hash(Array(password.utf8) + Array(user.utf8)))
    return "md5" + String(hex: Digest.md5.hash(Array(inner.utf8) + salt))
  }
}
