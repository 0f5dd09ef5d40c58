// SPDX-License-Identifier: Apache-2.0
public import Wire

/// One message of the pgoutput plugin ("Logical Replication Message Formats"): a view of borrowed bytes.
///
/// Every case is plain data or spans, so making one allocates nothing. Lengths are checked here, those of a row's
/// columns in `Tuple.index(into:)`.
@frozen
public enum LogicalMessage: ~Escapable {
  case begin(Begin)
  case commit(Commit)
  case origin(Origin)
  case relation(Relation)
  case dataType(DataType)
  case insert(Insert)
  case update(Update)
  case delete(Delete)
  case truncate(Truncate)
  case emitted(Emitted)
  case streamStart(StreamStart)
  case streamStop(StreamStop)
  case streamCommit(StreamCommit)
  case streamAbort(StreamAbort)
  case beginPrepare(BeginPrepare)
  case prepare(Prepare)
  case commitPrepared(CommitPrepared)
  case rollbackPrepared(RollbackPrepared)
  case streamPrepare(StreamPrepare)
  /// "Clients ought to ignore" nothing here: an unknown tag is the caller's to judge.
  case other(Other)

  /// `inStream`: between Stream Start and Stream Stop, where messages carry their transaction.
  @inlinable @inline(__always)
  @_lifetime(copy span)
  public init(_ span: RawSpan, inStream: Bool = false) throws(WireError) {
    var reader = ByteReader(span)
    let tag = try reader.byte()
    do throws(WireError) {
      switch tag {
      case UInt8(ascii: "B"): self = .begin(try Begin(from: &reader))
      case UInt8(ascii: "C"): self = .commit(try Commit(from: &reader))
      case UInt8(ascii: "O"): self = .origin(try Origin(from: &reader))
      case UInt8(ascii: "R"): self = .relation(try Relation(from: &reader, inStream: inStream))
      case UInt8(ascii: "Y"): self = .dataType(try DataType(from: &reader, inStream: inStream))
      case UInt8(ascii: "I"): self = .insert(try Insert(from: &reader, inStream: inStream))
      case UInt8(ascii: "U"): self = .update(try Update(from: &reader, inStream: inStream))
      case UInt8(ascii: "D"): self = .delete(try Delete(from: &reader, inStream: inStream))
      case UInt8(ascii: "T"): self = .truncate(try Truncate(from: &reader, inStream: inStream))
      case UInt8(ascii: "M"): self = .emitted(try Emitted(from: &reader, inStream: inStream))
      case UInt8(ascii: "S"): self = .streamStart(try StreamStart(from: &reader))
      case UInt8(ascii: "E"): self = .streamStop(StreamStop())
      case UInt8(ascii: "c"): self = .streamCommit(try StreamCommit(from: &reader))
      case UInt8(ascii: "A"): self = .streamAbort(try StreamAbort(from: &reader))
      case UInt8(ascii: "b"): self = .beginPrepare(try BeginPrepare(from: &reader))
      case UInt8(ascii: "P"): self = .prepare(try Prepare(from: &reader))
      case UInt8(ascii: "K"): self = .commitPrepared(try CommitPrepared(from: &reader))
      case UInt8(ascii: "r"): self = .rollbackPrepared(try RollbackPrepared(from: &reader))
      case UInt8(ascii: "p"): self = .streamPrepare(try StreamPrepare(from: &reader))
      default: self = .other(Other(tag: tag, from: &reader))
      }
      try reader.end("")
    } catch {
      throw error.inside(LogicalMessage.name(of: tag))
    }
  }

  /// The message's bytes, tag first.
  package func encode(to writer: inout ByteWriter) {
    switch self {
    case .begin(let message): message.encode(to: &writer)
    case .commit(let message): message.encode(to: &writer)
    case .origin(let message): message.encode(to: &writer)
    case .relation(let message): message.encode(to: &writer)
    case .dataType(let message): message.encode(to: &writer)
    case .insert(let message): message.encode(to: &writer)
    case .update(let message): message.encode(to: &writer)
    case .delete(let message): message.encode(to: &writer)
    case .truncate(let message): message.encode(to: &writer)
    case .emitted(let message): message.encode(to: &writer)
    case .streamStart(let message): message.encode(to: &writer)
    case .streamStop(let message): message.encode(to: &writer)
    case .streamCommit(let message): message.encode(to: &writer)
    case .streamAbort(let message): message.encode(to: &writer)
    case .beginPrepare(let message): message.encode(to: &writer)
    case .prepare(let message): message.encode(to: &writer)
    case .commitPrepared(let message): message.encode(to: &writer)
    case .rollbackPrepared(let message): message.encode(to: &writer)
    case .streamPrepare(let message): message.encode(to: &writer)
    case .other(let message): message.encode(to: &writer)
    }
  }
}
