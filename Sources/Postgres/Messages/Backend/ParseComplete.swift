// SPDX-License-Identifier: Apache-2.0
extension Backend {
  /// Extended query: Parse is done.
  package struct ParseComplete: EmptyMessage {
    package static let tag = UInt8(ascii: "1")
    package static let name: StaticString = "ParseComplete"

    package init() {}
  }
}
