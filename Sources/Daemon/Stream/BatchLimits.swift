// SPDX-License-Identifier: Apache-2.0

/// What the batch that fills may hold.
struct BatchLimits {
  /// What a request can hold at most.
  var operationsMax: Int
  var bytesMax: Int
  var operationsWanted = RequestTarget.operations
  var bytesWanted = RequestTarget.bytes
  /// What one row may take of a request: room for the delete of its old key stays.
  var rowBytesMax: Int { bytesMax - min(64 << 10, bytesMax / 8) }
}
