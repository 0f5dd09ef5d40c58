// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// Asks for GSSAPI encryption before the start-up message; we never send it, psql does where it has a ticket.
  package struct GSSENCRequest: Sendable, Equatable {
    package static let code = UInt32(1234) << 16 | 5680

    package init() {}

    package func encode(to writer: inout ByteWriter) {
      writer.append(bigEndian: Self.code)
    }
  }
}
