// SPDX-License-Identifier: Apache-2.0
internal import Etcd
package import Wire

/// Everything about one table that its rows share: how each column becomes JSON, what is printed around it, and which
/// columns make the key. Made when a table's columns become known, then used for every row without allocating.
///
/// It has buffers of its own, so it belongs to one thread.
package final class RowPlan {
  package struct Column: Equatable, Sendable {
    package enum Treatment: Equatable, Sendable { case include, exclude, hash }

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
    /// `{"id":` or `,"name":`.
    var literalStart: Int
    var literalCount: Int
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
  /// Padded, so that a short literal is copied as a whole number of chunks.
  let literals: [UInt8]
  let types: TypeTree
  let buffer: UnescapeBuffer
  /// JSON of a key column before it is escaped for the key.
  var keyText = ByteWriter()
  private let hasMembers: Bool

  package init(
    table: String, columns: [Column], key: [Int], keyPrefix: [UInt8], types directory: TypeDirectory,
    options: ValueOptions, digest: @escaping TextDigest = { $1.append(hexSHA256Of: $0) }
  ) throws(RowPlanError) {
    precondition(key.allSatisfy(columns.indices.contains))
    var types = TypeTree(digest: digest)
    var plans: [ColumnPlan] = []
    var literals: [UInt8] = []
    var hasMembers = false
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
      let literal = column.treatment == .exclude ? [] : memberLiteral(column.name, isFirst: !hasMembers)
      if column.treatment != .exclude { hasMembers = true }
      plans.append(
        ColumnPlan(
          node: types.nodes[node], literalStart: literals.count, literalCount: literal.count,
          keyNode: types.nodes[keyNode]))
      literals += literal
    }
    self.table = table
    self.columns = columns
    self.key = key
    self.keyPrefix = keyPrefix
    self.plans = plans
    self.literals = literals + [UInt8](repeating: 0, count: RowPlan.literalPadding)
    self.types = types
    self.buffer = UnescapeBuffer(levels: max(types.depth, 1))
    self.hasMembers = hasMembers
  }

  /// Writes the row's JSON object. `holes` becomes the members that the log leaves out, in column order.
  package func appendValue(
    _ fields: Span<FieldRange>, _ base: RawSpan, into out: inout ByteWriter, holes: inout [ValueHole]
  ) throws(RowError) {
    let plans = self.plans
    let literals = self.literals
    let start = out.count
    if !holes.isEmpty { holes.removeAll(keepingCapacity: true) }
    guard fields.count == plans.count else {
      throw RowError(table: table, column: "", reason: .fields(count: fields.count, expected: plans.count))
    }
    for index in 0..<fields.count {
      let plan = plans[index]
      if plan.node.form == .excluded { continue }
      let field = fields[index]
      unsafe out.append(literal: literals.span.bytes, from: plan.literalStart, count: plan.literalCount)
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
    if !hasMembers { out.append(0x7B as UInt8) }
    out.append(0x7D as UInt8)
  }
}

extension RowPlan {
  fileprivate static let literalPadding = 32
}

extension ByteWriter {
  /// `count` bytes of a blob with 32 bytes of padding at its end: two stores instead of a call for short names.
  @inline(__always)
  fileprivate mutating func append(literal blob: RawSpan, from start: Int, count: Int) {
    guard count <= 32, start &+ 32 <= blob.byteCount else {
      append(blob.extracting(start..<(start &+ count)))
      return
    }
    unsafe appendUnsafe(upTo: 32) { out in
      guard let to = out.baseAddress else { return 0 }
      unsafe to.storeBytes(of: blob.checkedChunk(start), as: SIMD16<UInt8>.self)
      unsafe to.storeBytes(of: blob.checkedChunk(start &+ 16), toByteOffset: 16, as: SIMD16<UInt8>.self)
      return count
    }
  }
}
