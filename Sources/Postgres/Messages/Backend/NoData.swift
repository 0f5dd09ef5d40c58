// SPDX-License-Identifier: Apache-2.0
extension Backend {
  /// Extended query: the statement returns no rows.
  package struct NoData: EmptyMessage {
    package static let tag = UInt8(ascii: "n")
    package static let name: StaticString = "NoData"

    package init() {}
  }
}
