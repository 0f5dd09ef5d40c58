// SPDX-License-Identifier: Apache-2.0
internal import Postgres
internal import Wire

/// The types met so far, and row plans made with them. What is not known is asked of the catalogue.
final class TypeBook {
  private var directory = TypeDirectory()
  private let options: ValueOptions
  private let selection: TableSelection

  init(options: ValueOptions, selection: TableSelection) {
    self.options = options
    self.selection = selection
  }

  /// Composites and domains can be altered: before a new look at the tables everything is asked again.
  func forget() { directory = TypeDirectory() }

  func plan(
    for shape: RelationShape, key: [String], prefix: [UInt8], asking connection: PostgresConnection, deadline: Deadline
  ) throws(PipelineFailure) -> RowPlan {
    do throws(PostgresError) {
      try learn(shape.columns.map(\.type), from: connection, deadline: deadline)
    } catch {
      throw .source(error)
    }
    let columns = shape.columns.map { column in
      RowPlan.Column(name: column.name, type: column.type, treatment: treatment(of: column.name, in: shape))
    }
    let places = key.compactMap { name in shape.columns.firstIndex { $0.name == name } }
    guard places.count == key.count else {
      throw .startOver("the key's columns of \(shape.name) are not in the log")
    }
    do throws(RowPlanError) {
      return try RowPlan(
        table: shape.name, columns: columns, key: places, keyPrefix: prefix, types: directory, options: options,
        digest: { text, out in unsafe out.append(hex: Digest.sha256.hash(text).span.bytes) })
    } catch {
      throw .stop(.defect, "\(shape.name) cannot be followed: \(error)")
    }
  }

  func treatment(of column: String, in shape: RelationShape) -> RowPlan.Column.Treatment {
    if selection.leavesOut(schema: shape.schema, table: shape.table, column: column) { return .exclude }
    if selection.hashes(schema: shape.schema, table: shape.table, column: column) { return .hash }
    return .include
  }

  private func learn(
    _ types: [UInt32], from connection: PostgresConnection, deadline: Deadline
  ) throws(PostgresError) {
    let unknown = types.reduce(into: Set<UInt32>()) { $0.formUnion(directory.unknown(from: $1)) }
    guard !unknown.isEmpty else { return }
    for (oid, type) in try connection.types(unknown, deadline: deadline) {
      directory.insert(TypeDescription(oid: oid, kind: Self.kind(of: type), delimiter: type.delimiter))
    }
    // A type that was dropped since the log was written is text to us: nothing better is known of it.
    for oid in types.reduce(into: Set<UInt32>(), { $0.formUnion(directory.unknown(from: $1)) }) {
      directory.insert(TypeDescription(oid: oid, kind: .text))
    }
  }

  private static func kind(of type: Postgres.TypeDescription) -> TypeDescription.Kind {
    switch type.kind {
    case .domain: .domain(base: type.baseType)
    case .composite: .composite(type.attributes.map { TypeDescription.Member(name: $0.name, type: $0.type) })
    case .base, .enumeration, .range, .multirange, .pseudo, .other:
      if type.extensionName == "hstore", type.name == "hstore" {
        .hstore
      } else if type.elementType != 0 {
        .array(element: type.elementType)
      } else {
        .text
      }
    }
  }
}
