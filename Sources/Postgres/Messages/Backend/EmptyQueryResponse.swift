// SPDX-License-Identifier: Apache-2.0
extension Backend {
  /// The answer to an empty query string, in place of CommandComplete.
  package struct EmptyQueryResponse: EmptyMessage {
    package static let tag = UInt8(ascii: "I")
    package static let name: StaticString = "EmptyQueryResponse"

    package init() {}
  }
}
