// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// `mysql_native_password`: `SHA1(password) XOR SHA1(nonce, SHA1(SHA1(password)))`.
package struct NativePassword: AuthenticationPlugin {
  package static let name = "mysql_native_password"

  package init() {}

  package func begin(challenge: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8] {
    if login.password.isEmpty { return [] }
    let nonce = try LoginContext.nonce(challenge, Self.name)
    let once = Digest.sha1.hash(login.password)
    let mask = Digest.sha1.hash(nonce + Digest.sha1.hash(once))
    return zip(once, mask).map { $0 ^ $1 }
  }
}
