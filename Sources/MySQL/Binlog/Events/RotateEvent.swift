// SPDX-License-Identifier: Apache-2.0
//
//   position  file name
//   UInt64    to the end
public import Wire

/// ROTATE_EVENT: the log goes on in another file. At the start of a stream, and after each real one, the server sends
/// an artificial one that names the file whose events follow.
@frozen
public struct RotateEvent: ~Escapable {
  /// Where in the next file the first event is: 4, or where the stream begins.
  public let position: UInt64
  public let file: RawSpan

  @_lifetime(copy file)
  public init(position: UInt64, file: RawSpan) {
    self.position = position
    self.file = file
  }

  @_lifetime(copy body)
  public init(decoding body: RawSpan) throws(WireError) {
    var reader = ByteReader(body)
    position = try reader.littleEndian()
    guard reader.remaining > 0, position >= 4 else {
      throw WireError(.badValue("no position in a log file"), offset: 0)
    }
    file = reader.rest()
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian: position)
    writer.append(file)
  }
}
