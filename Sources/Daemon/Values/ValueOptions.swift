// SPDX-License-Identifier: Apache-2.0

/// The configuration's say in how values are printed (`sync.bigint`, `sync.decimal`, `sync.binary`).
package struct ValueOptions: Equatable, Sendable {
  package enum NumberForm: String, Sendable { case number, string }
  package enum BinaryForm: String, Sendable { case base64, hex }

  /// `int8`, also inside arrays and composites: who reads numbers as doubles loses digits there as well.
  package var bigint: NumberForm
  /// `numeric`, also inside arrays and composites.
  package var decimal: NumberForm
  /// `bytea` columns. Inside an array or a composite it stays as the server prints it.
  package var binary: BinaryForm

  package init(bigint: NumberForm = .number, decimal: NumberForm = .number, binary: BinaryForm = .base64) {
    self.bigint = bigint
    self.decimal = decimal
    self.binary = binary
  }
}
