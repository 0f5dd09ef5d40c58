// SPDX-License-Identifier: Apache-2.0

package import Logging

/// The words of `log_level` and `--log-level`.
package enum LogLevel: String, Sendable, CaseIterable {
  case trace
  case debug
  case info
  case notice
  case warning
  case error

  package var level: Logger.Level {
    switch self {
    case .trace: .trace
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    }
  }

  /// `critical`, which no line of ours uses, is written as the error it is.
  package init(_ level: Logger.Level) {
    self =
      switch level {
      case .trace: .trace
      case .debug: .debug
      case .info: .info
      case .notice: .notice
      case .warning: .warning
      case .error, .critical: .error
      }
  }
}

/// The words of `log_format` and `--log-format`.
package enum LogFormat: String, Sendable, CaseIterable {
  /// `key=value`
  case text
  case json
}
