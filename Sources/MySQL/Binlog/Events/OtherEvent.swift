// SPDX-License-Identifier: Apache-2.0
public import Wire

/// An event that we do not read and that may be passed over: named, or marked as ignorable by its server.
@frozen
public struct OtherEvent: ~Escapable {
  public let type: EventType
  public let body: RawSpan

  @_lifetime(copy body)
  public init(type: EventType, body: RawSpan) {
    self.type = type
    self.body = body
  }

  public func encode(to writer: inout ByteWriter) { writer.append(body) }
}
