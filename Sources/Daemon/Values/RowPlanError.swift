// SPDX-License-Identifier: Apache-2.0
package import Wire

/// Why no plan can be made for a table.
package enum RowPlanError: Error, Equatable, CustomStringConvertible {
  /// The catalogue must be asked for it.
  case unknownType(UInt32)
  case typeTooDeep(UInt32)
  /// MySQL: a type that no table can have today, or that the server keeps for itself.
  case unsupported(column: String, type: UInt8)
  /// MySQL: a collation that `CharacterSets` was not told of.
  case unknownCollation(column: String, UInt16)

  package var description: String {
    switch self {
    case .unknownType(let oid): "type \(oid) is not known"
    case .typeTooDeep(let oid): "type \(oid) nests too deep"
    case .unsupported(let column, let type): "column \(column) has type \(type), which is not supported"
    case .unknownCollation(let column, let id): "column \(column) has collation \(id), which is not known"
    }
  }
}

/// A row that cannot be written: the column at fault, by name, and what is wrong with its bytes. Never the bytes.
package struct RowError: Error, CustomStringConvertible {
  package enum Reason: Equatable {
    case fields(count: Int, expected: Int)
    case value(WireError)
    case nullInKey
    case unchangedInKey
    /// MySQL: a text has characters that only the server can translate: ask it, `CharacterSets.learn`, try again.
    case characters(CharacterRequest)
  }

  package var table: String
  package var column: String
  package var reason: Reason

  package var description: String {
    switch reason {
    case .fields(let count, let expected): "\(table): a row of \(count) fields where \(expected) are expected"
    case .value(let error): "\(table).\(column): \(error)"
    case .nullInKey: "\(table).\(column): null in the key"
    case .unchangedInKey: "\(table).\(column): the log leaves out the key's value"
    case .characters(let request): "\(table).\(column): characters of \(request.name) that are not known yet"
    }
  }
}
