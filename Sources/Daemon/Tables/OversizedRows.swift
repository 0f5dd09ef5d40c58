// SPDX-License-Identifier: Apache-2.0
internal import Logging

/// Rows larger than a request of etcd: `sync.on_oversized_row` says what becomes of them.
final class OversizedRows {
  private let policy: OversizedRowPolicy
  private let requestBytesMax: Int
  private let log: Logger
  private(set) var counts: [String: Int] = [:]

  init(policy: OversizedRowPolicy, requestBytesMax: Int, log: Logger) {
    self.policy = policy
    self.requestBytesMax = requestBytesMax
    self.log = log
  }

  var areSkipped: Bool { policy == .skip }

  /// Stops, or counts the row and lets the caller leave it out.
  func met(table: String, key: String) throws(PipelineFailure) {
    let shown = key.count > 200 ? "\(key.prefix(200))…" : key
    switch policy {
    case .stop:
      throw .stop(
        .rowCannotBeStored,
        "the row \(shown) of \(table) is larger than one etcd request (\(requestBytesMax) bytes): raise etcd's "
          + "--max-request-bytes and etcd.max_request_bytes, exclude a column, or set sync.on_oversized_row: skip")
    case .skip:
      counts[table, default: 0] += 1
      log.warning(
        "row left out: larger than one etcd request",
        metadata: ["table": "\(table)", "key": "\(shown)", "bytes_max": "\(requestBytesMax)"])
    }
  }
}
