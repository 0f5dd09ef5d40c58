// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

extension MySQLConnection {
  /// For a line of the log. That it cannot be known is no reason to end anything.
  func textOfLockHolders(of tables: [TableName], besides ours: [UInt32]) -> String {
    let holders = (try? lockHolders(of: tables, besides: ours, deadline: .after(.seconds(10)))) ?? []
    return holders.isEmpty ? "whom we cannot see: it takes the privilege PROCESS" : holders.joined(separator: "; ")
  }
}
