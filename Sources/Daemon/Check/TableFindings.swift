// SPDX-License-Identifier: Apache-2.0

// What both checks of a source say.
extension Configuration {
  /// Of the chosen tables.
  func findings(
    _ chosen: [TableReference], _ problems: [TableProblem], doubts: [String]
  ) -> [Finding] {
    var findings = problems.map { problem in
      problem.cause == .missingKey && tables.withoutKey == .skip
        ? Finding.warning("\(problem.text): it is left out", problem.mend) : .problem(problem.text, problem.mend)
    }
    findings += doubts.map { Finding.warning($0) }
    if let conflict = conflict(among: chosen) {
      findings.append(.problem(conflict, "sync: {key: \"\(KeyTemplate.standard.source)\"}"))
    }
    findings.append(
      chosen.isEmpty && problems.isEmpty
        ? .warning("no table is chosen", "tables: {include: [\"schema.table\"]} with names of tables that exist")
        : .ok("\(chosen.count) tables are chosen"))
    return findings
  }

  /// The source's log has not what comes after the checkpoint.
  func findingOfLoss(_ reason: String) -> Finding {
    let text = "the position in the log is lost: \(reason)"
    return sync.onLostPosition == .dump
      ? .warning("\(text): everything will be dumped again") : .problem(text, "sync: {on_lost_position: dump}")
  }

  /// The checkpoint from which `run` would go on; nil where it would dump everything, whatever became of the log.
  func continued(_ checkpoint: Checkpoint?) -> Checkpoint? {
    guard let checkpoint, checkpoint.phase == .sync, sync.dump != .always, sync.dump != .only else { return nil }
    return checkpoint
  }
}
