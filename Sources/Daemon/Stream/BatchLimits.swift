// SPDX-License-Identifier: Apache-2.0

/// What the batch that fills may hold.
struct BatchLimits {
  /// What a request can hold at most.
  var operationsMax: Int
  var bytesMax: Int
  /// With so much a request is sent, if it may be so large.
  var operationsWanted: Int { min(RequestTarget.operations, operationsMax) }
  var bytesWanted: Int { min(RequestTarget.bytes, bytesMax) }
  /// What one row may take of a request: room for the delete of its old key stays.
  var rowBytesMax: Int { bytesMax - min(64 << 10, bytesMax / 8) }
}
