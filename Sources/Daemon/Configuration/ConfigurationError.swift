// SPDX-License-Identifier: Apache-2.0

/// A configuration that cannot be used: everything that is wrong with it, each with the line that mends it.
package struct ConfigurationError: Error, Equatable {
  package var problems: [ConfigurationProblem]

  /// The last line on standard error: what happened and what to do, in one sentence.
  package var sentence: String {
    guard let first = problems.first else { return "" }
    let place = first.path.isEmpty ? first.place : "\(first.path) (\(first.place))"
    let others = problems.count - 1
    if others == 0 { return "The configuration is wrong at \(place), so nothing was started; \(first.mend)" }
    let more = others == 1 ? "1 more place" : "\(others) more places"
    return "The configuration is wrong at \(place) and \(more), so nothing was started; correct each as its line says, "
      + "this one first: \(first.mend)"
  }
}

/// One mistake: where, at which key, what is wrong, and what to write instead. One line.
package struct ConfigurationProblem: Sendable, Equatable, CustomStringConvertible {
  /// "sync.yml:4", or what else gave the value: "SYNC_DATABASE_PORT", "--log-level".
  package var place: String
  /// "database.port"; empty if the file as a whole is wrong.
  package var path: String
  package var what: String
  /// "write: port: 5432"
  package var mend: String

  package var description: String {
    (path.isEmpty ? "\(place): " : "\(place): \(path): ") + "\(what); \(mend)"
  }
}
