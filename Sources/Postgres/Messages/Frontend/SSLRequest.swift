// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// Asks for TLS before the start-up message; the server answers with one byte, `S` or `N`.
  package struct SSLRequest: Sendable, Equatable {
    /// "The value is chosen to contain 1234 in the most significant 16 bits, and 5679 in the least significant."
    package static let code = UInt32(1234) << 16 | 5679

    package init() {}

    package func encode(to writer: inout ByteWriter) {
      writer.append(bigEndian: Self.code)
    }
  }
}
