// SPDX-License-Identifier: Apache-2.0

/// Bytes that break a rule of their protocol: what was read, at which offset, and what is wrong with it.
///
/// Thrown by every decoder; never trapped. `offset` counts bytes from the start of the message that was being
/// decoded, so that it can be found in a capture.
@frozen
public struct WireError: Error, Equatable, CustomStringConvertible {
  @frozen
  public enum Reason: Equatable, Sendable {
    /// Fewer bytes are left than the field needs.
    case short(needed: Int, available: Int)
    /// Bytes are left over after the last field of a message.
    case trailing(count: Int)
    /// A length field that no valid message can have.
    case badLength(Int)
    /// A field whose value the protocol does not allow here.
    case badValue(StaticString)
    /// A string without its terminating zero byte.
    case unterminatedString

    public static func == (a: Reason, b: Reason) -> Bool { a.text == b.text }

    var text: String {
      switch self {
      case .short(let needed, let available): "needs \(needed) bytes, has \(available)"
      case .trailing(let count): "\(count) bytes left over"
      case .badLength(let length): "impossible length \(length)"
      case .badValue(let what): "\(what)"
      case .unterminatedString: "string without its zero byte"
      }
    }
  }

  public var reason: Reason
  public var offset: Int
  /// The message or structure being decoded, for people: "pgoutput Insert", "HPACK integer".
  public var context: StaticString

  @inlinable
  public init(_ reason: Reason, offset: Int, context: StaticString = "") {
    self.reason = reason
    self.offset = offset
    self.context = context
  }

  public static func == (a: WireError, b: WireError) -> Bool {
    a.reason == b.reason && a.offset == b.offset && "\(a.context)" == "\(b.context)"
  }

  /// The same error, named after the message in which it was met; an inner name is kept.
  public func inside(_ name: StaticString) -> WireError {
    var copy = self
    if copy.context.utf8CodeUnitCount == 0 { copy.context = name }
    return copy
  }

  public var description: String {
    let name = "\(context)"
    return name.isEmpty ? "at byte \(offset): \(reason.text)" : "\(name) at byte \(offset): \(reason.text)"
  }
}
