// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import MySQL
internal import Postgres

/// Why the pipeline cannot go on as it is, and so what its driver does next.
enum PipelineFailure: Error {
  /// It is over: an exit status and the sentence that says what happened and what to do.
  case stop(ExitStatus, String)
  /// The source failed us: connect again and go on from the checkpoint.
  case source(SourceError)
  /// The source sent what its protocol does not allow: the same.
  case sourceViolation(String)
  /// etcd failed us: the same.
  case sink(EtcdError)
  /// Another instance leads now: wait as a standby.
  case leadershipLost(String)
  /// The source no longer has what comes after the checkpoint.
  case positionLost(String)
  /// Everything that is known of the source must be read again: start over from the checkpoint.
  case startOver(String)
  /// What etcd holds of these tables is not what the log builds upon: dump them again.
  case redump([TableReference], String)
  /// SIGTERM or SIGINT.
  case stopRequested
}

/// What a source's connection died of, whichever protocol it speaks.
struct SourceError: Error, CustomStringConvertible {
  let description: String
  /// Trying again will not help: wrong password, no such database, a server that is not what we need.
  let isRefusal: Bool
}

extension PipelineFailure {
  static func source(_ error: PostgresError) -> PipelineFailure {
    .source(SourceError(description: "\(error)", isRefusal: error.isRefusal))
  }
}
