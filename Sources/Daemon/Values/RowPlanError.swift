// SPDX-License-Identifier: Apache-2.0
package import Wire

/// Why no plan can be made for a table.
package enum RowPlanError: Error, Equatable, CustomStringConvertible {
  /// The catalogue must be asked for it.
  case unknownType(UInt32)
  case typeTooDeep(UInt32)

  package var description: String {
    switch self {
    case .unknownType(let oid): "type \(oid) is not known"
    case .typeTooDeep(let oid): "type \(oid) nests too deep"
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
    }
  }
}
