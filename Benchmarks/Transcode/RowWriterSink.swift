// SPDX-License-Identifier: Apache-2.0
import Daemon
import Postgres
import Wire

/// Takes inserts and writes their keys and values, one behind the other: transcoding and nothing else.
struct RowWriterSink: ReplicationSink, ~Copyable {
  enum Failure: Error {
    case tuple(WireError)
    case row(RowError)
  }

  private let plan: RowPlan
  private var out = ByteWriter(capacity: 1 << 20)
  private var fields: [FieldRange] = []
  private var holes: [ValueHole] = []
  private(set) var written = 0

  init(_ plan: RowPlan) { self.plan = plan }

  mutating func receive(
    _ message: borrowing LogicalMessage, walStart: LSN, walEnd: LSN, serverTime: ServerTime
  ) throws(Failure) -> Flow {
    switch message {
    case .insert(let insert):
      do throws(WireError) {
        try insert.new.index(into: &fields)
      } catch {
        throw .tuple(error)
      }
      try Self.write(fields, insert.new.span, plan, &out, &holes)
    default: return .more
    }
    if out.count > 512 << 10 {
      written += out.count
      out.clear()
    }
    return .more
  }

  private static func write(
    _ fields: [FieldRange], _ base: RawSpan, _ plan: RowPlan, _ out: inout ByteWriter, _ holes: inout [ValueHole]
  ) throws(Failure) {
    do throws(RowError) {
      try plan.appendKey(fields.span, base, into: &out)
      try plan.appendValue(fields.span, base, into: &out, holes: &holes)
    } catch {
      throw .row(error)
    }
  }

  mutating func keepalive(walEnd: LSN, replyRequested: Bool) throws(Failure) -> Flow { .more }
}
