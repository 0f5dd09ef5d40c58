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

  /// From one row of `catalogueQuery`; `members` are the composite's attributes in order.
  package init(
    oid: UInt32, typtype: UInt8, delimiter: UInt8, element: UInt32, base: UInt32, isHstore: Bool, members: [Member]
  ) {
    let kind: Kind =
      switch typtype {
      case 0x64: .domain(base: base)  // d
      case 0x63: .composite(members)  // c
      default: isHstore ? .hstore : element != 0 ? .array(element: element) : .text
      }
    self.init(oid: oid, kind: kind, delimiter: delimiter)
  }

  /// The facts behind a `TypeDescription`, for the types that the server made after its birth: oid, typtype, typdelim,
  /// element type of a true array or 0, base type of a domain or 0, whether it is hstore.
  ///
  /// "True" arrays (`get_element_type`) are those that an element type names as its array type; `name`, `point` and
  /// others have a `typelem` and are none. Array types of a catalogue's rows exist too, so no oid limit is put here.
  package static let catalogueQuery = """
    SELECT t.oid, t.typtype, t.typdelim, CASE WHEN e.oid IS NULL THEN 0 ELSE e.oid END, t.typbasetype,
      EXISTS (SELECT 1 FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
        WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
          AND d.refclassid = 'pg_extension'::regclass AND x.extname = 'hstore' AND t.typname = 'hstore')
    FROM pg_type t LEFT JOIN pg_type e ON e.typarray = t.oid
    WHERE t.oid >= 10000 OR t.typtype = 'c'
    """

  /// The attributes of composite types: type oid, name, type of the attribute, in order.
  package static let memberQuery = """
    SELECT t.oid, a.attname, a.atttypid FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid
    WHERE t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY t.oid, a.attnum
    """
}
