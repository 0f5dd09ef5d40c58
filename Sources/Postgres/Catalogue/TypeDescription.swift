// SPDX-License-Identifier: Apache-2.0
public import Wire

/// What the catalogue knows of a type: enough to read its text form without asking again.
public struct TypeDescription: Equatable, Sendable {
  /// `typtype`.
  public enum Kind: Equatable, Sendable {
    case base
    case composite
    case domain
    case enumeration
    case range
    case multirange
    case pseudo
    case other(UInt8)

    init(_ code: UInt8) {
      switch code {
      case UInt8(ascii: "b"): self = .base
      case UInt8(ascii: "c"): self = .composite
      case UInt8(ascii: "d"): self = .domain
      case UInt8(ascii: "e"): self = .enumeration
      case UInt8(ascii: "r"): self = .range
      case UInt8(ascii: "m"): self = .multirange
      case UInt8(ascii: "p"): self = .pseudo
      default: self = .other(code)
      }
    }
  }

  public struct Attribute: Equatable, Sendable {
    public var name: String
    public var type: UInt32
  }

  public var oid: UInt32
  public var schema: String
  public var name: String
  public var kind: Kind
  /// `typcategory`.
  public var category: UInt8
  /// `typdelim`: what separates the elements of an array of this type.
  public var delimiter: UInt8
  /// `typelem`, which some types have that are no arrays (`point`); zero if none.
  public var subscriptType: UInt32
  /// The element's type if this is a true array, else zero.
  public var elementType: UInt32
  /// Of a domain; it may be a domain again. Zero if this is none.
  public var baseType: UInt32
  /// Of a range, and of a multirange the type of its ranges' bounds. Zero if this is none.
  public var rangeSubtype: UInt32
  /// Of a composite, in order, dropped ones left out.
  public var attributes: [Attribute]
  /// The extension that owns it: `hstore`, `postgis`.
  public var extensionName: String?
}

extension PostgresConnection {
  /// The subtype of the range or multirange `t`. A multirange is known by its range from 14 on; before, there is none.
  private var rangeSubtype: String {
    let multirange = serverVersion >= 140_000 ? " OR g.rngmultitypid = t.oid" : ""
    return "(SELECT g.rngsubtype FROM pg_catalog.pg_range g WHERE g.rngtypid = t.oid\(multirange))"
  }

  /// The types that the type `t` is made of: element, base type, range subtype, attributes.
  var partsOfType: String {
    """
    SELECT t.typelem UNION ALL SELECT t.typbasetype UNION ALL SELECT \(rangeSubtype)
    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    """
  }

  /// These types and all that they are made of: elements, base types, attributes, range subtypes.
  public func types(
    _ oids: some Collection<UInt32>, deadline: Deadline
  ) throws(PostgresError) -> [UInt32: TypeDescription] {
    if oids.isEmpty { return [:] }
    let isArray =
      serverVersion >= 140_000
      ? "t.typsubscript = 'pg_catalog.array_subscript_handler'::pg_catalog.regproc" : "t.typlen = -1"
    let text = """
      WITH RECURSIVE wanted(oid) AS (
        SELECT pg_catalog.unnest(\(Self.oidArray(oids)))
        UNION
        SELECT part.oid FROM wanted w JOIN pg_catalog.pg_type t ON t.oid = w.oid
        CROSS JOIN LATERAL (\(partsOfType)) part(oid) WHERE part.oid <> 0
      )
      SELECT t.oid, n.nspname, t.typname, t.typtype, t.typcategory, t.typdelim, t.typelem,
        CASE WHEN \(isArray) THEN t.typelem ELSE 0 END, t.typbasetype, COALESCE(\(rangeSubtype), 0),
        (SELECT e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
          WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e'
          AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass LIMIT 1)
      FROM wanted JOIN pg_catalog.pg_type t ON t.oid = wanted.oid
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      """
    let list = try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in
      TypeDescription(
        oid: try row.number(), schema: try row.text(), name: try row.text(),
        kind: TypeDescription.Kind(try row.character()), category: try row.character(),
        delimiter: try row.character(), subscriptType: try row.number(), elementType: try row.number(),
        baseType: try row.number(), rangeSubtype: try row.number(), attributes: [],
        extensionName: try row.optionalText())
    }
    var types = Dictionary(list.map { ($0.oid, $0) }, uniquingKeysWith: { first, _ in first })
    try addAttributes(to: &types, deadline: deadline)
    return types
  }

  private func addAttributes(
    to types: inout [UInt32: TypeDescription], deadline: Deadline
  ) throws(PostgresError) {
    let composites = types.values.filter { $0.kind == .composite }.map(\.oid)
    if composites.isEmpty { return }
    let text = """
      SELECT t.oid, a.attname, a.atttypid FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid
      WHERE t.oid = ANY (\(Self.oidArray(composites))) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum
      """
    let attributes = try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in
      let owner: UInt32 = try row.number()
      return (owner, TypeDescription.Attribute(name: try row.text(), type: try row.number()))
    }
    for (owner, attribute) in attributes { types[owner]?.attributes.append(attribute) }
  }
}
