// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// One resolved type. Trivial, so that walking the tree retains nothing.
struct TypeNode: BitwiseCopyable {
  var form: JSONForm
  /// What separates the elements of an array.
  var delimiter: UInt8 = 0x2C
  /// The element of an array or vector, or the first of a composite's members.
  var first = 0
  /// How many members a composite has.
  var count = 0
}

/// A member of a composite: what stands before its value (`{"x":`, `,"y":`) and its type.
struct TypeMember: BitwiseCopyable {
  var literalStart: Int
  var literalCount: Int
  var node: Int
}

/// The types of one table's columns, resolved through domains and flattened into arrays.
struct TypeTree {
  private(set) var nodes: [TypeNode] = []
  private(set) var members: [TypeMember] = []
  private(set) var literals: [UInt8] = []
  /// How deep types nest in each other: as many unescape buffers are needed.
  private(set) var depth = 0
  /// Writes the hex SHA-256 of a column's text.
  let digest: TextDigest

  /// No server's types nest as deep; a catalogue that says otherwise is cyclic.
  private static let depthMax = 64

  init(digest: @escaping TextDigest) { self.digest = digest }

  /// Adds a node of our own, for a column whose JSON does not follow its type.
  mutating func add(_ form: JSONForm) -> Int {
    nodes.append(TypeNode(form: form))
    return nodes.count - 1
  }

  /// Adds a column's type and answers its node.
  mutating func add(
    _ oid: UInt32, _ types: TypeDirectory, _ options: ValueOptions
  ) throws(RowPlanError) -> Int {
    try add(oid, types, options, level: 0)
  }

  private mutating func add(
    _ oid: UInt32, _ types: TypeDirectory, _ options: ValueOptions, level: Int
  ) throws(RowPlanError) -> Int {
    let description = try resolveDomain(oid, types)
    guard level < TypeTree.depthMax else { throw .typeTooDeep(oid) }
    depth = max(depth, level + 1)
    var node = TypeNode(form: .string)
    switch description.kind {
    case .hstore: node.form = .hstore
    case .array(let element):
      node.form = .array
      node.first = try add(element, types, options, level: level + 1)
      // A domain's elements are separated as its own entry says.
      node.delimiter = types[element]?.delimiter ?? 0x2C
    case .composite(let members):
      node.form = .composite
      (node.first, node.count) = try add(members, types, options, level: level)
    case .text where description.oid == BuiltInTypes.int2vector || description.oid == BuiltInTypes.oidvector:
      node.form = .vector
      nodes.append(TypeNode(form: description.oid == BuiltInTypes.int2vector ? .number : .string))
      node.first = nodes.count - 1
    case .text, .domain:
      node.form = JSONForm(builtIn: description.oid, isColumn: level == 0, options)
    }
    nodes.append(node)
    return nodes.count - 1
  }

  private mutating func add(
    _ attributes: [TypeDescription.Member], _ types: TypeDirectory, _ options: ValueOptions, level: Int
  ) throws(RowPlanError) -> (first: Int, count: Int) {
    var resolved: [TypeMember] = []
    for (index, attribute) in attributes.enumerated() {
      let node = try add(attribute.type, types, options, level: level + 1)
      let literal = memberLiteral(attribute.name, isFirst: index == 0)
      resolved.append(TypeMember(literalStart: literals.count, literalCount: literal.count, node: node))
      literals += literal
    }
    let first = members.count
    members += resolved
    return (first, resolved.count)
  }

  /// "Look through any domain": a domain over a domain too.
  private func resolveDomain(_ oid: UInt32, _ types: TypeDirectory) throws(RowPlanError) -> TypeDescription {
    var next = oid
    for _ in 0..<TypeTree.depthMax {
      guard let description = types[next] else { throw .unknownType(next) }
      guard case .domain(let base) = description.kind else { return description }
      next = base
    }
    throw .typeTooDeep(oid)
  }
}

/// `{"name":` or `,"name":`.
func memberLiteral(_ name: String, isFirst: Bool) -> [UInt8] {
  var literal = ByteWriter()
  literal.append((isFirst ? 0x7B : 0x2C) as UInt8)
  unsafe literal.append(string: Array(name.utf8).span.bytes)
  literal.append(0x3A as UInt8)
  return literal.bytes.array
}
