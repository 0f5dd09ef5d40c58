// SPDX-License-Identifier: Apache-2.0

/// What a sink answers to what it is given: give me the next, or stop here for now.
@frozen
public enum Flow: Sendable {
  case more
  /// This one is taken; the next ones stay where they are, in the receive buffer.
  case pause
}
