// SPDX-License-Identifier: Apache-2.0
/// Where the session stands, as ReadyForQuery tells.
public enum TransactionStatus: Sendable, Equatable {
  case idle
  case inTransaction
  case inFailedTransaction
  case other(UInt8)

  package init(byte: UInt8) {
    switch byte {
    case UInt8(ascii: "I"): self = .idle
    case UInt8(ascii: "T"): self = .inTransaction
    case UInt8(ascii: "E"): self = .inFailedTransaction
    default: self = .other(byte)
    }
  }

  package var byte: UInt8 {
    switch self {
    case .idle: UInt8(ascii: "I")
    case .inTransaction: UInt8(ascii: "T")
    case .inFailedTransaction: UInt8(ascii: "E")
    case .other(let byte): byte
    }
  }
}
