// SPDX-License-Identifier: Apache-2.0
public import Wire

/// What is wrong with an event, which event it is and where in the log it begins.
public struct BinlogError: Error, Equatable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    /// Offsets count from the event's first byte; inside of a transaction payload from the inner event's.
    case malformed(WireError)
    case checksum(computed: UInt32, found: UInt32)
    /// Known by name or not at all, not to be ignored, and nothing that we can apply.
    case unsupported
    /// An event that cannot be read before the format description has been.
    case beforeFormatDescription
    /// Packed bytes that do not unpack, or to another size than was said.
    case packed(String)
    case tooLarge(UInt64, limit: Int)
  }

  public var reason: Reason
  public var type: EventType
  /// Where the event begins in its file.
  public var position: UInt64

  public init(_ reason: Reason, type: EventType, position: UInt64) {
    self.reason = reason
    self.type = type
    self.position = position
  }

  init(_ reason: Reason, _ header: EventHeader) {
    self.init(reason, type: header.type, position: header.position)
  }

  /// `error` counts from the body's start.
  init(malformed error: WireError, _ header: EventHeader) {
    let moved = WireError(error.reason, offset: error.offset + EventHeader.byteCount, context: error.context)
    self.init(.malformed(moved), header)
  }

  public var description: String {
    let what =
      switch reason {
      case .malformed(let error): "\(error)"
      case .checksum(let computed, let found):
        "checksum \(String(found, radix: 16)), but its bytes have \(String(computed, radix: 16))"
      case .unsupported: "this kind of event is not supported"
      case .beforeFormatDescription: "comes before the format description"
      case .packed(let message): message
      case .tooLarge(let size, let limit): "\(size) bytes unpacked, limit \(limit)"
      }
    return "binary log: \(type) at \(position): \(what)"
  }
}

/// Why an event was not delivered: the log, or the sink.
public enum BinlogDrainError<Failure: Error>: Error {
  case log(BinlogError)
  case sink(Failure)
}
