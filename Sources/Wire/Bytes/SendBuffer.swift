// SPDX-License-Identifier: Apache-2.0

/// Bytes waiting to be sent: written at the end by a machine, taken from the front by a link.
public final class SendBuffer {
  /// Machines encode straight into it.
  public var writer: ByteWriter
  private var taken = 0
  /// Sent bytes that may stay in front of the unsent ones.
  private static let deadBytesMax = 64 * 1024

  public init(capacity: Int = 16 * 1024) {
    writer = ByteWriter(capacity: capacity)
  }

  /// Bytes not sent yet.
  public var count: Int { writer.count - taken }
  public var isEmpty: Bool { count == 0 }

  /// What is not sent yet, for the link.
  public func withUnsent<R>(_ body: (RawSpan) -> R) -> R {
    writer.withBytes(from: taken, body)
  }

  /// The link has sent the first `count` unsent bytes.
  public func sent(_ count: Int) {
    precondition(count >= 0 && count <= self.count)
    taken += count
    if taken == writer.count {
      writer.clear()
      taken = 0
    } else if taken >= Self.deadBytesMax, taken >= self.count {
      // Never quite drained, it would grow for ever. What is moved is no more than what was sent since the last move.
      writer.removeFirst(taken)
      taken = 0
    }
  }
}
