// SPDX-License-Identifier: Apache-2.0

/// `mysql_clear_password`: the password as it is, for servers that hand it on to PAM or LDAP.
package struct ClearPassword: AuthenticationPlugin {
  package static let name = "mysql_clear_password"

  package init() {}

  package func begin(challenge: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8] {
    // Who sits between us could otherwise ask for the password and have it.
    guard login.security != .plaintext else {
      throw AuthenticationError(
        "the server asks for the password in clear text (\(Self.name)) on a connection without TLS; Sync sends it only "
          + "under TLS or on a Unix socket")
    }
    return login.password + [0]
  }
}
