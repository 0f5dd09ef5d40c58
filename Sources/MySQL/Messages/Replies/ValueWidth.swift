// SPDX-License-Identifier: Apache-2.0

/// How many bytes a value has in a row of the binary protocol ("Binary Protocol Value").
@frozen
public enum ValueWidth: Sendable, Equatable {
  case fixed(UInt8)
  /// A byte before it says its length: dates and times.
  case byteLength
  /// A length-encoded integer before it: strings, decimals, JSON, geometry, and whatever type we do not know.
  case lengthEncoded

  public init(_ type: ColumnType) {
    self =
      switch type {
      case .null: .fixed(0)
      case .tiny: .fixed(1)
      case .short, .year: .fixed(2)
      case .long, .int24, .float: .fixed(4)
      case .longLong, .double: .fixed(8)
      case .date, .time, .dateTime, .timestamp: .byteLength
      default: .lengthEncoded
      }
  }
}
