// SPDX-License-Identifier: Apache-2.0

/// What `syncd` tells its caller when it ends. The numbers from 64 on are those of sysexits.h.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  case done = 0
  /// `verify`: differences; `check`: a requirement is not met; `wait`: timed out.
  case notMet = 1
  /// The command line is not one.
  case wrongUsage = 64
  /// A row that cannot be stored, under `on_oversized_row: stop`.
  case rowCannotBeStored = 65
  /// A server could not be reached, or refused us (`run`).
  case serverUnavailable = 69
  /// A defect of ours.
  case defect = 70
  /// The position is lost, and the policy says stop.
  case positionLost = 74
  /// Another instance holds what only one may hold.
  case heldElsewhere = 75
  case wrongConfiguration = 78
}

/// How a command ended: the status, and the last line on standard error.
public struct Conclusion: Sendable, Equatable {
  public var status: ExitStatus
  /// "says what happened and what to do, in one sentence, naming table, column or key where there is one". Empty:
  /// there is nothing to say.
  public var sentence: String

  public init(_ status: ExitStatus, _ sentence: String = "") {
    self.status = status
    self.sentence = sentence
  }
}
