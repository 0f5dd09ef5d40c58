// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Postgres
internal import Wire

/// What PostgreSQL's catalogue has for us at one moment.
struct TableChoice {
  var publication: PublicationDescription?
  var chosen: [ChosenTable]
  /// Chosen by their names, and cannot be followed.
  var problems: [TableProblem]
  /// What `tables` says in vain or on its own responsibility.
  var doubts: [String]

  init(
    _ configuration: Configuration, _ keeper: PublicationKeeper, on queries: PostgresConnection, deadline: Deadline
  ) throws(PostgresError) {
    let role = configuration.database.user
    publication = try queries.publication(keeper.name, deadline: deadline)
    let chooser = TableChooser(
      tables: configuration.tables, sync: configuration.sync, path: configuration.etcd.path, role: role,
      publishesGenerated: queries.serverVersion >= 180_000
        && (publication?.publishesGeneratedColumns ?? keeper.mayChange))
    let (found, unsuitable) = chooser.choose(try queries.tables(deadline: deadline))
    let (published, unpublished) = keeper.publishable(
      found, present: publication, role: role, serverVersion: queries.serverVersion)
    chosen = published
    problems = unsuitable + unpublished
    doubts = chooser.namesOfNothing(among: found, unsuitable) + chooser.unguardedKeys(among: found)
    for index in chosen.indices {
      chosen[index].publication = publication?.numbers(of: chosen[index].description.oid) ?? ""
    }
  }
}
