// SPDX-License-Identifier: Apache-2.0
import Postgres
import Wire

extension PostgresText {
  init(_ keepalive: PrimaryKeepalive) {
    self.init("PrimaryKeepalive end \(keepalive.walEnd) reply \(keepalive.replyRequested)")
  }

  init(_ status: StandbyStatusUpdate) {
    self.init(
      "StandbyStatusUpdate written \(status.written) flushed \(status.flushed) applied \(status.applied)"
        + " reply \(status.replyRequested)")
  }

  /// Another plugin's message.
  init(_ data: borrowing XLogData) {
    self.init("XLogData \(data.walStart) \(data.walEnd) \(Self.value(data.payload.array))")
  }

  init(_ data: borrowing XLogData, _ message: borrowing LogicalMessage) throws(WireError) {
    self.init("XLogData \(data.walStart) \(data.walEnd) \(try Self.logical(message))")
  }

  private static func logical(_ message: borrowing LogicalMessage) throws(WireError) -> String {
    switch message {
    case .begin(let m): "Begin \(m.finalLSN) xid \(m.xid) at \(m.commitTime.rawValue)"
    case .commit(let m): "Commit \(m.commitLSN) end \(m.endLSN) flags \(m.flags) at \(m.commitTime.rawValue)"
    case .origin(let m): "Origin \(m.originLSN) \(value(m.origin.array))"
    case .relation(let m): try relation(m)
    case .dataType(let m): "Type\(xid(m.xid)) \(m.oid) \(String(decoding: m.namespace)).\(String(decoding: m.typeName))"
    case .insert(let m): "Insert\(xid(m.xid)) \(m.relation) \(try tuple(m.new))"
    case .update(let m):
      m.oldTuple == .none
        ? "Update\(xid(m.xid)) \(m.relation) \(try tuple(m.new))"
        : "Update\(xid(m.xid)) \(m.relation) \(m.oldTuple) \(try tuple(m.old)) new \(try tuple(m.new))"
    case .delete(let m): "Delete\(xid(m.xid)) \(m.relation) \(m.oldTuple) \(try tuple(m.old))"
    case .truncate(let m):
      "Truncate\(xid(m.xid)) options \(m.options)" + (0..<m.relationCount).map { " \(m.relation(at: $0))" }.joined()
    case .emitted(let m):
      "Message\(xid(m.xid)) flags \(m.flags) \(m.lsn) \(value(m.prefix.array)) \(value(m.content.array))"
    case .streamStart(let m): "StreamStart xid \(m.xid) segment \(m.segment)"
    case .streamStop: "StreamStop"
    case .streamCommit(let m): "StreamCommit xid \(m.xid) \(m.commitLSN) end \(m.endLSN) at \(m.commitTime.rawValue)"
    case .streamAbort(let m):
      "StreamAbort xid \(m.xid) sub \(m.subtransaction)"
        + (m.abort.map { " \($0.lsn) at \($0.time.rawValue)" } ?? "")
    case .beginPrepare(let m):
      "BeginPrepare \(m.prepareLSN) end \(m.endLSN) at \(m.prepareTime.rawValue) xid \(m.xid) \(value(m.gid.array))"
    case .prepare(let m):
      "Prepare \(m.prepareLSN) end \(m.endLSN) at \(m.prepareTime.rawValue) xid \(m.xid) \(value(m.gid.array))"
    case .commitPrepared(let m):
      "CommitPrepared \(m.commitLSN) end \(m.endLSN) at \(m.commitTime.rawValue) xid \(m.xid) \(value(m.gid.array))"
    case .rollbackPrepared(let m):
      "RollbackPrepared \(m.prepareEndLSN) end \(m.rollbackEndLSN) xid \(m.xid) \(value(m.gid.array))"
    case .streamPrepare(let m):
      "StreamPrepare \(m.prepareLSN) end \(m.endLSN) at \(m.prepareTime.rawValue) xid \(m.xid) \(value(m.gid.array))"
    case .other(let m): "Other \(tag(m.tag)) \(value(m.body.array))"
    }
  }

  private static func xid(_ xid: UInt32?) -> String { xid.map { " xid \($0)" } ?? "" }

  private static func relation(_ relation: borrowing LogicalMessage.Relation) throws(WireError) -> String {
    var text = "Relation\(xid(relation.xid)) \(relation.oid) \(String(decoding: relation.namespace))"
    text += ".\(String(decoding: relation.relationName)) identity \(tag(relation.replicaIdentity)) ("
    text += try relation.columns().map { column in
      "\(column.isKey ? "*" : "")\(column.name):\(column.type)/\(column.typeModifier)"
    }.joined(separator: ", ")
    return text + ")"
  }

  private static func tuple(_ tuple: borrowing LogicalMessage.Tuple) throws(WireError) -> String {
    var fields: [FieldRange] = []
    try tuple.index(into: &fields)
    var values: [String] = []
    for field in fields {
      switch field.kind {
      case .null: values.append("null")
      case .unchanged: values.append("unchanged")
      case .text: values.append(value(tuple.bytes(field).array))
      case .binary: values.append("b" + value(tuple.bytes(field).array))
      }
    }
    return "(" + values.joined(separator: ", ") + ")"
  }
}
