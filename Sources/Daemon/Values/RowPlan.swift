// SPDX-License-Identifier: Apache-2.0
internal import Etcd
package import Wire

/// Everything about one table that its rows share: how each column becomes JSON, what is printed around it, and which
/// columns make the key. Made when a table's columns become known, then used for every row without allocating.
///
/// It has buffers of its own, so it belongs to one thread.
package final class RowPlan {
  package struct Column: Equatable, Sendable {
    package enum Treatment: Equatable, Sendable, BitwiseCopyable { case include, exclude, hash }

    package var name: String
    package var type: UInt32
    package var treatment: Treatment

    package init(name: String, type: UInt32, treatment: Treatment = .include) {
      self.name = name
      self.type = type
      self.treatment = treatment
    }
  }

  struct ColumnPlan: BitwiseCopyable {
    var node: TypeNode
    var literal: MemberLiterals.Place
    /// The type's own node, for a key column that is left out of the value.
    var keyNode: TypeNode
  }

  /// The table's name, for errors.
  package let table: String
  /// What a row consists of, in the order of its fields.
  package let columns: [Column]
  /// Indices of the key columns, in key order.
  package let key: [Int]
  /// Everything before a row's key columns, `/` at its end included.
  package let keyPrefix: [UInt8]

  let plans: [ColumnPlan]
  let literals: MemberLiterals
  let types: TypeTree
  let buffer: UnescapeBuffer
  /// JSON of a key column before it is escaped for the key.
  var keyText = ByteWriter()

  package init(
    table: String, columns: [Column], key: [Int], keyPrefix: [UInt8], types directory: TypeDirectory,
    options: ValueOptions, digest: @escaping TextDigest = { $1.append(hexSHA256Of: $0) }
  ) throws(RowPlanError) {
    precondition(key.allSatisfy(columns.indices.contains))
    var types = TypeTree(digest: digest)
    var plans: [ColumnPlan] = []
    var literals = MemberLiterals()
    for column in columns {
      let natural = try types.add(column.type, directory, options)
      let hashed = types.add(.digest)
      let excluded = types.add(.excluded)
      let (node, keyNode) =
        switch column.treatment {
        case .include: (natural, natural)
        case .exclude: (excluded, natural)
        case .hash: (hashed, hashed)
        }
      let literal = column.treatment == .exclude ? .init(start: 0, count: 0) : literals.add(column.name)
      plans.append(ColumnPlan(node: types.nodes[node], literal: literal, keyNode: types.nodes[keyNode]))
    }
    self.table = table
    self.columns = columns
    self.key = key
    self.keyPrefix = keyPrefix
    self.plans = plans
    self.literals = literals
    self.types = types
    self.buffer = UnescapeBuffer(levels: max(types.depth, 1))
  }

  /// Writes the row's JSON object. `holes` becomes the members that the log leaves out, in column order.
  package func appendValue(
    _ fields: Span<FieldRange>, _ base: RawSpan, into out: inout ByteWriter, holes: inout [ValueHole]
  ) throws(RowError) {
    let plans = self.plans
    let literals = self.literals.bytes
    let start = out.count
    if !holes.isEmpty { holes.removeAll(keepingCapacity: true) }
    guard fields.count == plans.count else {
      throw RowError(table: table, column: "", reason: .fields(count: fields.count, expected: plans.count))
    }
    for index in 0..<fields.count {
      let plan = plans[index]
      if plan.node.form == .excluded { continue }
      let field = fields[index]
      unsafe out.append(literal: literals.span.bytes, plan.literal)
      if field.hasBytes {
        do throws(WireError) {
          try types.append(base.field(field), as: plan.node, buffer, into: &out)
        } catch {
          throw RowError(table: table, column: columns[index].name, reason: .value(error))
        }
      } else {
        if field.isUnchanged { holes.append(ValueHole(column: index, offset: out.count - start)) }
        out.append("null" as StaticString)
      }
    }
    if !self.literals.hasMembers { out.append(0x7B as UInt8) }
    out.append(0x7D as UInt8)
  }
}
