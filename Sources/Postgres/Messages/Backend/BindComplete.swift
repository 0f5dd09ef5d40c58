// SPDX-License-Identifier: Apache-2.0
extension Backend {
  /// Extended query: Bind is done.
  package struct BindComplete: EmptyMessage {
    package static let tag = UInt8(ascii: "2")
    package static let name: StaticString = "BindComplete"

    package init() {}
  }
}
