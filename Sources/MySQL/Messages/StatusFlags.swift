// SPDX-License-Identifier: Apache-2.0

/// SERVER_STATUS_flags_enum: where a session stands after a command.
public struct StatusFlags: OptionSet, Sendable, Hashable {
  public var rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let inTransaction = StatusFlags(rawValue: 1 << 0)
  public static let autocommit = StatusFlags(rawValue: 1 << 1)
  /// Another result follows.
  public static let moreResults = StatusFlags(rawValue: 1 << 3)
  public static let cursorExists = StatusFlags(rawValue: 1 << 6)
  public static let lastRowSent = StatusFlags(rawValue: 1 << 7)
  public static let sessionStateChanged = StatusFlags(rawValue: 1 << 14)
}
