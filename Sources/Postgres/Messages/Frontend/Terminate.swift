// SPDX-License-Identifier: Apache-2.0
extension Frontend {
  /// The orderly end of a connection.
  package struct Terminate: EmptyMessage {
    package static let tag = UInt8(ascii: "X")
    package static let name: StaticString = "Terminate"

    package init() {}
  }
}
