// SPDX-License-Identifier: Apache-2.0
package import Logging
internal import Etcd
internal import Wire

extension Commands {
  /// `syncd check`: connects to both sides, changes nothing, and prints one line for each requirement.
  package static func check(
    _ configuration: Configuration, _ log: Logger, output: (String) -> Void
  ) -> Conclusion {
    Startup.prepare()
    let loop: PollLoop
    do throws(SystemError) {
      loop = try PollLoop()
    } catch {
      return Conclusion(.defect, "The check cannot start: \(error)")
    }
    let keys = StateKeys(
      statePath: configuration.etcd.statePath, name: configuration.name, rowsPrefix: configuration.rowsPrefix)
    let client = EtcdClient(configuration.etcd.clientConfiguration, loop: loop)
    let sink = SinkCheck(configuration: configuration, client: client, keys: keys)
    // etcd is asked first, because what it holds decides what the source must still have; the source is told first.
    let sinkFindings = sink.findings()
    let findings = source(configuration, sink, loop, log) + sinkFindings
    client.disconnect()
    for finding in findings { output("\(finding)\n") }
    let problems = findings.filter { $0.level == .problem }
    guard let first = problems.first else { return Conclusion(.done) }
    let more = problems.count == 1 ? "" : " (and \(problems.count - 1) more)"
    return Conclusion(.notMet, "run would not work: \(first.text); type: \(first.mend)\(more)")
  }

  private static func source(
    _ configuration: Configuration, _ sink: SinkCheck, _ loop: PollLoop, _ log: Logger
  ) -> [Finding] {
    let database = configuration.database
    switch database.driver {
    case .postgres:
      let connector = SourceConnector(database: database, name: configuration.name, loop: loop, log: log)
      return SourceCheck(
        configuration: configuration, connector: connector, checkpoint: sink.checkpoint()
      ).findings()
    case .mysql:
      let connector = MySQLConnector(database: database, name: configuration.name, loop: loop, log: log)
      return MySQLSourceCheck(
        configuration: configuration, connector: connector, checkpoint: sink.checkpoint(),
        followed: sink.followedTables()
      ).findings()
    }
  }
}
