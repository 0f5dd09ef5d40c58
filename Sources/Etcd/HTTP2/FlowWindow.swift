// SPDX-License-Identifier: Apache-2.0
package import Wire

/// Octets that one side may still send, on a stream or on the connection (RFC 9113, section 5.2).
package struct FlowWindow: Equatable {
  /// "A change to SETTINGS_INITIAL_WINDOW_SIZE can cause the available space in a flow-control window to become
  /// negative. A sender MUST track the negative flow-control window and MUST NOT send new flow-controlled frames until
  /// it receives WINDOW_UPDATE frames that cause the flow-control window to become positive." (section 6.9.2)
  package private(set) var available: Int

  /// 2³¹ - 1
  package static let max = Int(Int32.max)
  /// "The initial value … is 65,535 octets": of the connection, and of streams until SETTINGS say otherwise.
  package static let initial = FlowWindow(65_535)

  package init(_ available: Int) { self.available = available }

  /// What may be sent now.
  package var allowance: Int { Swift.max(0, available) }

  /// Sent or received. The caller has compared with `available`.
  package mutating func take(_ count: Int) { available -= count }

  /// A WINDOW_UPDATE or a change of the initial size. "A sender MUST NOT allow a flow-control window to exceed
  /// 2^31-1 octets." (section 6.9.1)
  package mutating func grow(by count: Int) throws(WireError) {
    guard available + count <= Self.max else {
      throw WireError(.badValue("flow-control window above 2^31-1"), offset: 0, context: "flow control")
    }
    available += count
  }
}
