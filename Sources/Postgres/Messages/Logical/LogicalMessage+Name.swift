// SPDX-License-Identifier: Apache-2.0
extension LogicalMessage {
  /// For errors.
  @usableFromInline
  package static func name(of tag: UInt8) -> StaticString {
    switch tag {
    case UInt8(ascii: "B"): "pgoutput Begin"
    case UInt8(ascii: "C"): "pgoutput Commit"
    case UInt8(ascii: "O"): "pgoutput Origin"
    case UInt8(ascii: "R"): "pgoutput Relation"
    case UInt8(ascii: "Y"): "pgoutput DataType"
    case UInt8(ascii: "I"): "pgoutput Insert"
    case UInt8(ascii: "U"): "pgoutput Update"
    case UInt8(ascii: "D"): "pgoutput Delete"
    case UInt8(ascii: "T"): "pgoutput Truncate"
    case UInt8(ascii: "M"): "pgoutput Emitted"
    case UInt8(ascii: "S"): "pgoutput StreamStart"
    case UInt8(ascii: "E"): "pgoutput StreamStop"
    case UInt8(ascii: "c"): "pgoutput StreamCommit"
    case UInt8(ascii: "A"): "pgoutput StreamAbort"
    case UInt8(ascii: "b"): "pgoutput BeginPrepare"
    case UInt8(ascii: "P"): "pgoutput Prepare"
    case UInt8(ascii: "K"): "pgoutput CommitPrepared"
    case UInt8(ascii: "r"): "pgoutput RollbackPrepared"
    case UInt8(ascii: "p"): "pgoutput StreamPrepare"
    default: "pgoutput message"
    }
  }
}
