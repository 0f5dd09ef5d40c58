// SPDX-License-Identifier: Apache-2.0
package import Wire

extension LogicalMessage {
  /// Protocol 2: the end of a block of changes of a transaction in progress.
  @frozen
  public struct StreamStop: Equatable, Sendable {
    @inlinable
    init() {}

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "E"))
    }
  }
}
