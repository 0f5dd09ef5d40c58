// SPDX-License-Identifier: Apache-2.0
package import Logging
internal import Wire

/// `syncd run`: dump if needed, then sync until SIGTERM or SIGINT.
package enum Commands {
  package static func run(_ configuration: Configuration, _ log: Logger) -> Conclusion {
    guard configuration.sync.isEnabled else {
      return Conclusion(.done, "sync.enabled is false: nothing to do.")
    }
    Startup.prepare()
    do throws(SystemError) {
      switch configuration.database.driver {
      case .postgres: return try PostgresReplicator(configuration: configuration, log: log).run()
      case .mysql: return try MySQLReplicator(configuration: configuration, log: log).run()
      }
    } catch {
      return Conclusion(.defect, "The daemon cannot start: \(error)")
    }
  }
}
