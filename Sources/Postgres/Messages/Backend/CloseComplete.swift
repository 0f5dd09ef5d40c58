// SPDX-License-Identifier: Apache-2.0
extension Backend {
  /// Extended query: Close is done.
  package struct CloseComplete: EmptyMessage {
    package static let tag = UInt8(ascii: "3")
    package static let name: StaticString = "CloseComplete"

    package init() {}
  }
}
