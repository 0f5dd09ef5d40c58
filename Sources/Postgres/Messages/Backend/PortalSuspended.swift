// SPDX-License-Identifier: Apache-2.0
extension Backend {
  /// Extended query: Execute stopped at its row limit.
  package struct PortalSuspended: EmptyMessage {
    package static let tag = UInt8(ascii: "s")
    package static let name: StaticString = "PortalSuspended"

    package init() {}
  }
}
