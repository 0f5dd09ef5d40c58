// SPDX-License-Identifier: Apache-2.0

/// The database that is read: where it is, who we are there, and how patient we are with it.
package struct DatabaseConfiguration: Sendable, Equatable {
  package var driver = DatabaseDriver.postgres
  /// Tried in this order. An absolute path is a Unix socket (PostgreSQL: the directory that holds it).
  package var hosts = ["localhost"]
  /// After loading never `nil`: the driver's own port where the file names none.
  package var givenPort: UInt16?
  package var user = "sync"
  package var password = Secret.none
  /// PostgreSQL: exactly one, the database. MySQL: the schemas.
  package var names: [String] = []
  /// The first pause between attempts; doubles up to 30 s, with jitter.
  package var retryPeriod = Duration.seconds(1)
  /// Attempts at start before giving up with 69. Once it has run, it never gives up.
  package var connectionRetries = 10
  package var connectTimeout = Duration.seconds(10)
  package var replicationStatusTimeout = Duration.seconds(10)
  package var tls = DatabaseTLSConfiguration()
  package var postgres = PostgresConfiguration()
  package var mysql = MySQLConfiguration()

  package var port: UInt16 { givenPort ?? driver.defaultPort }
  /// The database, where there is exactly one (PostgreSQL).
  package var name: String { names.first ?? "" }
}

package enum DatabaseDriver: String, Sendable, CaseIterable {
  case postgres = "pgx"
  case mysql

  package var defaultPort: UInt16 {
    switch self {
    case .postgres: 5432
    case .mysql: 3306
    }
  }
}

package struct DatabaseTLSConfiguration: Sendable, Equatable {
  package var mode = DatabaseTLSMode.prefer
  /// Empty: the machine's own list of authorities.
  package var caPath = ""
  package var certificatePath = ""
  package var keyPath = ""
}

package enum DatabaseTLSMode: String, Sendable, CaseIterable {
  case disable
  case prefer
  case require
  case verifyCA = "verify-ca"
  case verifyFull = "verify-full"
}

package struct PostgresConfiguration: Sendable, Equatable {
  package var slot = "sync_service"
  package var publication = "syncpub"
  /// Make the publication, for exactly the chosen tables, and keep it in step with `tables`.
  package var createPublication = true
  /// Make the slot a failover slot (PostgreSQL 17 and later).
  package var failover = false
  package var streaming = PostgresStreaming.auto
  package var twoPhase = false
}

package enum PostgresStreaming: String, Sendable, CaseIterable {
  case auto
  case off
}

package struct MySQLConfiguration: Sendable, Equatable {
  /// 0: derived from `name`, and checked not to be in use.
  package var serverID: UInt32 = 0
  package var gtid = MySQLGTIDMode.auto
  package var dump = MySQLDumpMethod.native
}

package enum MySQLGTIDMode: String, Sendable, CaseIterable {
  case auto
  case on
  case off
}

package enum MySQLDumpMethod: String, Sendable, CaseIterable {
  /// Over the protocol.
  case native
  /// Runs the tool.
  case mysqldump
}
