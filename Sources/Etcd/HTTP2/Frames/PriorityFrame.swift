// SPDX-License-Identifier: Apache-2.0
//
//   +-+-------------------------------------------------------------+
//   |E|                  Stream Dependency (31)                     |
//   +-+-------------+-----------------------------------------------+   RFC 9113, section 6.3
//   |   Weight (8)  |
//   +-+-------------+
package import Wire

/// What HEADERS and PRIORITY carry. The scheme is deprecated: it is read, and changes nothing here.
package struct StreamPriority: Equatable {
  package static let size = 5

  package var isExclusive: Bool
  package var dependency: StreamID
  package var weight: UInt8

  package init(isExclusive: Bool, dependency: StreamID, weight: UInt8) {
    self.isExclusive = isExclusive
    self.dependency = dependency
    self.weight = weight
  }

  @_lifetime(reader: copy reader)
  package init(from reader: inout ByteReader) throws(WireError) {
    let word = try reader.bigEndian(UInt32.self)
    isExclusive = word >> 31 == 1
    dependency = StreamID(word)
    weight = try reader.byte()
  }

  package func encode(to writer: inout ByteWriter) {
    writer.append(bigEndian: dependency.rawValue | (isExclusive ? 1 << 31 : 0))
    writer.append(weight)
  }
}

package struct PriorityFrame: Equatable {
  package var stream: StreamID
  package var priority: StreamPriority

  package init(stream: StreamID, priority: StreamPriority) {
    self.stream = stream
    self.priority = priority
  }

  package init(header: FrameHeader, payload: RawSpan) throws(WireError) {
    guard header.stream != .connection else {
      throw WireError(.badValue("on stream 0"), offset: 0, context: "PRIORITY")
    }
    guard payload.byteCount == StreamPriority.size else {
      throw WireError(.badLength(payload.byteCount), offset: 0, context: "PRIORITY")
    }
    var reader = ByteReader(payload)
    self.init(stream: header.stream, priority: try StreamPriority(from: &reader))
  }

  package func encode(to writer: inout ByteWriter) {
    FrameHeader(length: StreamPriority.size, type: .priority, flags: 0, stream: stream).encode(to: &writer)
    priority.encode(to: &writer)
  }
}
