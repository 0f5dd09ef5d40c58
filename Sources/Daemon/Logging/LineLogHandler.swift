// SPDX-License-Identifier: Apache-2.0

package import Logging

/// swift-log's front, our line: one event, one line on standard error.
package struct LineLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level
  private let format: LogFormat
  private let writer: LogWriter

  init(level: LogLevel, format: LogFormat, writer: LogWriter = .standardError) {
    logLevel = level.level
    self.format = format
    self.writer = writer
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var fields = metadata
    if let own = event.metadata { fields.merge(own) { $1 } }
    if let error = event.error { fields["error"] = .string("\(error)") }
    let lost = writer.takeLinesLost()
    if lost > 0 { fields["lines_lost"] = .stringConvertible(lost) }
    let line = LogLine(time: .now(), level: LogLevel(event.level), message: "\(event.message)", metadata: fields)
    writer.write(line.rendered(as: format))
  }
}

extension Logger {
  /// The daemon's logger. Nothing global is set: who logs is handed one.
  package static func syncd(level: LogLevel, format: LogFormat) -> Logger {
    Logger(label: "syncd") { _ in LineLogHandler(level: level, format: format) }
  }
}
