// SPDX-License-Identifier: Apache-2.0

/// What the keys and values look like, and what to do when something cannot be as it should.
package struct SyncConfiguration: Sendable, Equatable {
  /// `false`: say so and exit 0.
  package var isEnabled = true
  package var storage = ValueStorage.json
  package var dump = DumpMode.initial
  package var key = KeyTemplate.standard
  package var onLostPosition = LostPositionPolicy.dump
  package var onOversizedRow = OversizedRowPolicy.stop
  package var bigint = NumberFormat.number
  package var decimal = NumberFormat.number
  package var binary = BinaryFormat.base64
}

package enum ValueStorage: String, Sendable, CaseIterable {
  case json
  /// google.protobuf.Struct
  case proto
}

package enum DumpMode: String, Sendable, CaseIterable {
  /// Once, before the first sync (`true`).
  case initial
  /// Begin at the present position (`false`).
  case never
  /// At each start.
  case always
  /// And then stop.
  case only
}

/// Slot gone or invalidated, binary log purged, another system identifier.
package enum LostPositionPolicy: String, Sendable, CaseIterable {
  case dump
  case stop
}

package enum OversizedRowPolicy: String, Sendable, CaseIterable {
  case stop
  /// Logged, counted, and listed in `status`.
  case skip
}

package enum NumberFormat: String, Sendable, CaseIterable {
  case number
  case string
}

package enum BinaryFormat: String, Sendable, CaseIterable {
  case base64
  case hex
}
