// SPDX-License-Identifier: Apache-2.0

extension Settings {
  static let database: [Setting] = [
    Setting(
      "database.driver", \.database.driver,
      .words([
        ("pgx", .postgres), ("postgres", .postgres), ("postgresql", .postgres), ("mysql", .mysql), ("mariadb", .mysql),
      ]),
      "the database's kind; `type` is accepted for `driver`"),
    Setting(
      "database.host", \.database.hosts, .hosts,
      "one host, or a list tried in order; an absolute path is a Unix socket (PostgreSQL: its directory)"),
    Setting("database.port", \.database.givenPort, .port, "default 5432 (pgx) or 3306 (mysql)"),
    Setting("database.user", \.database.user, .name("a user", bytesMax: 128, example: "sync"), "the role to log in as"),
    Setting("database.password", \.database.password, .password, "its password; better from the environment or a file"),
    Setting(
      "database.password_file", \.database.password, .passwordFile,
      "a file that holds the password, read again at each reconnection"),
    Setting(
      "database.name", \.database.names, .databaseNames,
      "PostgreSQL: the database; MySQL: one schema or a list of schemas"),
    Setting(
      "database.retry_period", \.database.retryPeriod, .duration(.milliseconds(1)...(.seconds(3600)), example: "1s"),
      "first pause between attempts; doubles up to 30s, with jitter"),
    Setting(
      "database.connection_retries", \.database.connectionRetries,
      .integer("a number of attempts", 1...1_000_000, example: 10),
      "attempts at start before giving up (exit 69); once it has run, it never gives up"),
    Setting(
      "database.connect_timeout", \.database.connectTimeout, .patience(example: "10s"),
      "how long one attempt to connect and log in may take"),
    Setting(
      "database.replication_status_timeout", \.database.replicationStatusTimeout, .patience(example: "10s"),
      "how often the server is told, at the latest, how far we are"),
  ]

  static let databaseDetails: [Setting] = [
    Setting("database.tls.mode", \.database.tls.mode, .word, "as libpq's sslmode"),
    Setting(
      "database.tls.ca_path", \.database.tls.caPath, .text.example("/etc/ssl/certs/ca-certificates.crt"),
      "the authorities that may sign the server's certificate; empty: the machine's own"),
    Setting(
      "database.tls.certificate_path", \.database.tls.certificatePath, .text.example("/etc/sync/client.crt"),
      "our certificate, where the server asks for one"),
    Setting(
      "database.tls.key_path", \.database.tls.keyPath, .text.example("/etc/sync/client.key"), "the certificate's key"),
    Setting("database.postgres.slot", \.database.postgres.slot, .slot, "the replication slot, made if it is not there"),
    Setting(
      "database.postgres.publication", \.database.postgres.publication,
      .name("a publication's name", bytesMax: 63, example: "syncpub"), "the publication that the slot reads"),
    Setting(
      "database.postgres.create_publication", \.database.postgres.createPublication, .flag,
      "make the publication for exactly the chosen tables and keep it in step with `tables`; never FOR ALL TABLES"),
    Setting(
      "database.postgres.failover", \.database.postgres.failover, .flag, "failover slot (PostgreSQL 17 and later)"),
    Setting(
      "database.postgres.streaming", \.database.postgres.streaming, .word,
      "in-progress transactions (PostgreSQL 14 and later)"),
    Setting("database.postgres.two_phase", \.database.postgres.twoPhase, .flag, "prepared transactions at PREPARE"),
    Setting(
      "database.mysql.server_id", \.database.mysql.serverID,
      .integer("a server id", 0...UInt32.max, example: 4711), "0: derived from `name`, and checked not to be in use"),
    Setting("database.mysql.gtid", \.database.mysql.gtid, .word, "follow GTIDs rather than file and offset"),
    Setting(
      "database.mysql.dump", \.database.mysql.dump, .word, "native: over the protocol; mysqldump: runs the tool"),
  ]
}

extension SettingKind where Value == Duration {
  /// How long something may take: short enough that a mistake is seen, long enough to be possible.
  static func patience(example: String) -> SettingKind {
    .duration(.milliseconds(100)...(.seconds(24 * 3600)), example: example)
  }
}
