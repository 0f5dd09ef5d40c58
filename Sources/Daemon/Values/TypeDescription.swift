// SPDX-License-Identifier: Apache-2.0

/// What the catalogue says of one type, as far as JSON depends on it.
package struct TypeDescription: Equatable, Sendable {
  package struct Member: Equatable, Sendable {
    package var name: String
    package var type: UInt32
    package init(name: String, type: UInt32) {
      self.name = name
      self.type = type
    }
  }

  package enum Kind: Equatable, Sendable {
    /// Any type of which nothing but its text matters: enums, ranges, base types of extensions.
    case text
    case domain(base: UInt32)
    case array(element: UInt32)
    /// Attributes in order, without dropped ones.
    case composite([Member])
    /// The extension's type, the only one whose cast to json counts.
    case hstore
  }

  package var oid: UInt32
  package var kind: Kind
  /// `typdelim`: what separates elements of this type inside an array.
  package var delimiter: UInt8

  package init(oid: UInt32, kind: Kind, delimiter: UInt8 = 0x2C) {
    self.oid = oid
    self.kind = kind
    self.delimiter = delimiter
  }
}
