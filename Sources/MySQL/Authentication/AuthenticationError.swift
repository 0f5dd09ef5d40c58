// SPDX-License-Identifier: Apache-2.0

/// Why a login is broken off by us. Never carries a secret.
package struct AuthenticationError: Error, Equatable {
  package var text: String

  package init(_ text: String) { self.text = text }
}
