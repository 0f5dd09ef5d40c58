// SPDX-License-Identifier: Apache-2.0
extension Frontend {
  /// Extended query: asks the server to send what it holds back.
  package struct Flush: EmptyMessage {
    package static let tag = UInt8(ascii: "H")
    package static let name: StaticString = "Flush"

    package init() {}
  }
}
