// SPDX-License-Identifier: Apache-2.0

/// What one `syncd` is told to do: the configuration file, the environment and the command line, read and checked.
///
/// The default of each key stands here and in the sections beside, and nowhere else; what a key is called and what it
/// takes stands in `Settings`.
package struct Configuration: Sendable, Equatable {
  /// Names this replication: its state lives under `<etcd.state_path>/<name>/`.
  package var name = "default"
  package var logLevel = LogLevel.info
  package var logFormat = LogFormat.text
  package var database = DatabaseConfiguration()
  package var tables = TablesConfiguration()
  package var etcd = EtcdConfiguration()
  package var sync = SyncConfiguration()
  package var ha = HighAvailabilityConfiguration()
  package var http = HTTPConfiguration()

  /// What reading the configuration has to tell, to be logged as soon as there is a logger.
  package var remarks: [ConfigurationRemark] = []

  package init() {}
}

/// Something about the configuration that is not a mistake, and worth a line in the log.
package struct ConfigurationRemark: Sendable, Equatable {
  package var level: LogLevel
  package var text: String
}

package struct HighAvailabilityConfiguration: Sendable, Equatable {
  /// Leader election in etcd; a second instance waits.
  package var isEnabled = true
  /// Whole seconds, as etcd counts them.
  package var leaseTTL = Duration.seconds(10)
}

package struct HTTPConfiguration: Sendable, Equatable {
  /// `nil` switches the page, the metrics and the probes off.
  package var listen: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 9187)
}

/// Where to listen. An empty host stands for every address of the machine.
package struct ListenAddress: Sendable, Equatable {
  package var host: String
  package var port: UInt16
}
