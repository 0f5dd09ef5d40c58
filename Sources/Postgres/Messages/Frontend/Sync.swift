// SPDX-License-Identifier: Apache-2.0
extension Frontend {
  /// Extended query: ends a series; the server answers with ReadyForQuery.
  package struct Sync: EmptyMessage {
    package static let tag = UInt8(ascii: "S")
    package static let name: StaticString = "Sync"

    package init() {}
  }
}
