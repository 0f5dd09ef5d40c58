// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension StatementContext {
  /// The session of a statement of the log; what the event leaves out is as the server has it now.
  public init(_ query: borrowing QueryEvent, _ facts: ServerFacts, _ collations: CollationDirectory) {
    self.init(version: facts.version, defaultSchema: String(decoding: query.schema))
    // A status that breaks off tells what comes before.
    let status = (try? QueryStatus(decoding: query.status)) ?? QueryStatus()
    sqlMode = SQLMode(rawValue: status.sqlMode ?? facts.sqlMode.rawValue)
    if let client = status.clientCharacterSet, let set = collations[client]?.characterSet { clientCharacterSet = set }
    serverCollation = status.serverCollation ?? collations.named(facts.serverCollation)?.id
    standardCollations = status.standardCollations + [status.defaultCollationForUTF8MB4].compactMap { $0 }
    explicitDefaultsForTimestamp = status.explicitDefaultsForTimestamp ?? facts.explicitDefaultsForTimestamp
    if facts.version.flavor == .mariaDB, let flags = status.flags2 {
      explicitDefaultsForTimestamp = flags & Self.explicitDefaultsFlag != 0
    }
    lowersNames = facts.lowerCaseTableNames == 1
    isWithoutEffect = (status.alterPhase ?? 0) & 0x0A != 0
  }

  /// MariaDB's bit of `flags2` (OPTION_EXPLICIT_DEF_TIMESTAMP), as its logs have it.
  private static let explicitDefaultsFlag: UInt32 = 1 << 24
}
