// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// A message with a tag that we do not know, kept as it is.
  @frozen
  public struct Other: ~Escapable {
    public let tag: UInt8
    public let body: RawSpan

    @inlinable
    @_lifetime(copy reader)
    init(tag: UInt8, from reader: inout ByteReader) {
      self.tag = tag
      self.body = reader.rest()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(tag)
      writer.append(body)
    }
  }
}
