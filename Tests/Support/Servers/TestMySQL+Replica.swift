// SPDX-License-Identifier: Apache-2.0

// Two servers, the second of which repeats the first.
extension TestMySQL {
  /// Makes this server, on which nothing has happened yet, a replica of `source` by GTID.
  public func replicate(_ source: TestMySQL) throws {
    let port = source.server.port
    // The account comes with the log of the other one, as all that was ever written there.
    try sql("DROP USER \(Self.role)@'%'")
    if isMariaDB {
      try sql(
        """
        RESET MASTER; SET GLOBAL gtid_slave_pos = '';
        CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = \(port), MASTER_USER = '\(Self.role)',
          MASTER_PASSWORD = '\(Self.password)', MASTER_USE_GTID = slave_pos;
        START SLAVE
        """)
    } else {
      try sql(
        """
        RESET BINARY LOGS AND GTIDS;
        CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = \(port), SOURCE_USER = '\(Self.role)',
          SOURCE_PASSWORD = '\(Self.password)', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1;
        START REPLICA
        """)
    }
  }

  /// Waits until all that `source` has now is here too.
  public func catchUp(with source: TestMySQL) throws {
    let variable = isMariaDB ? "gtid_binlog_pos" : "gtid_executed"
    let position = try source.rows("SELECT @@GLOBAL.\(variable)")[0][0].filter { $0 != "\n" }
    let waiting = isMariaDB ? "MASTER_GTID_WAIT" : "WAIT_FOR_EXECUTED_GTID_SET"
    guard try rows("SELECT \(waiting)('\(position)', 60)") == [["0"]] else {
      throw CommandError(description: "the replica does not catch up: \(server.log.suffix(1000))")
    }
  }

  /// From now on what is received is applied so many seconds later.
  public func delay(seconds: Int) throws {
    try sql(
      isMariaDB
        ? "STOP SLAVE; CHANGE MASTER TO MASTER_DELAY = \(seconds); START SLAVE"
        : "STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_DELAY = \(seconds); START REPLICA")
  }

  /// Waits until all that `source` has now has been received, applied or not.
  public func receive(from source: TestMySQL) throws {
    let position = try source.rows("SELECT @@GLOBAL.\(isMariaDB ? "gtid_binlog_pos" : "gtid_executed")")[0][0]
    let isThere = try waitUntil(within: .seconds(30)) {
      if isMariaDB { return try rows("SHOW SLAVE STATUS")[0].contains(position) }
      return try rows(
        """
        SELECT GTID_SUBSET(GTID_SUBTRACT('\(position)', @@GLOBAL.gtid_executed), RECEIVED_TRANSACTION_SET)
        FROM performance_schema.replication_connection_status
        """) == [["1"]]
    }
    guard isThere else {
      throw CommandError(description: "the replica does not receive all: \(server.log.suffix(1000))")
    }
  }

  /// Ends the repeating: from now on it is a server of its own.
  public func promote() throws {
    let word = isMariaDB ? "SLAVE" : "REPLICA"
    try sql("STOP \(word); RESET \(word) ALL")
  }

  /// The same schemas as another server has them.
  public func schema(as other: TestSchema) -> TestSchema { TestSchema(server: self, names: other.names) }
}
