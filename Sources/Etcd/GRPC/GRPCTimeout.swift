// SPDX-License-Identifier: Apache-2.0

/// The header by which the server gives up when we do.
package enum GRPCTimeout {
  /// "Timeout → TimeoutValue TimeoutUnit; TimeoutValue → {positive integer as ASCII string of at most 8 digits}".
  /// Milliseconds while they fit (27 hours), then seconds.
  package static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds.multipliedReportingOverflow(by: 1000)
    let total = milliseconds.partialValue + attoseconds / 1_000_000_000_000_000
    if !milliseconds.overflow, total < 100_000_000 { return "\(max(1, total))m" }
    return "\(min(seconds, 99_999_999))S"
  }
}
