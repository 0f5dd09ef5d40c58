// SPDX-License-Identifier: Apache-2.0

/// Which `syncd` this is.
package enum BuildInformation: BuildCommit {
  package static let version = "0.1.0"

  /// What it speaks, with the versions that the protocols themselves name.
  package static let protocols = [
    "PostgreSQL frontend/backend protocol 3.0", "PostgreSQL pgoutput 1",
    "MySQL client/server protocol 10 (MySQL and MariaDB)", "MySQL binary log 4", "etcd API v3 (gRPC over HTTP/2)",
  ]
}

/// The commit, from the best source there is:
///
/// 1. `make` runs `tools/commit.sh`, which writes `Commit.generated.swift` beside this file (not in git): its `commit`
///    stands in `BuildInformation` itself and so goes before the one here.
/// 2. `git archive` puts the commit into the line below (`export-subst` in `.gitattributes`).
/// 3. Neither, as after a bare `swift build`: "unknown".
package protocol BuildCommit {}

extension BuildCommit {
  private static var archived: String { "$Format:%H$" }

  package static var commit: String { archived.hasPrefix("$") ? "unknown" : archived }
}
