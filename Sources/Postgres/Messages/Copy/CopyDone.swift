// SPDX-License-Identifier: Apache-2.0
extension Copy {
  /// The end of a COPY stream, in either direction.
  package struct CopyDone: EmptyMessage {
    package static let tag = UInt8(ascii: "c")
    package static let name: StaticString = "CopyDone"

    package init() {}
  }
}
