// SPDX-License-Identifier: Apache-2.0
import Daemon
import Etcd
import Postgres
import Wire

/// The same rows as the log sends them: one pgoutput Insert each, text format.
struct InsertMessages: ~Copyable {
  private var messages = ByteWriter(capacity: 1 << 20)
  private var ends: [Int] = []

  var byteCount: Int { messages.count }

  init(_ lines: borrowing CopyLines) throws {
    var copy = CopyTextLine()
    try lines.forEach { line throws(WireError) in
      try copy.split(line)
      let base = copy.base(of: line)
      messages.append("I" as StaticString)
      messages.append(bigEndian: UInt32(16_400))
      messages.append("N" as StaticString)
      messages.append(bigEndian: Int16(copy.count))
      for index in 0..<copy.count {
        let field = copy.fields[index]
        if field.isNull {
          messages.append("n" as StaticString)
        } else {
          messages.append("t" as StaticString)
          messages.append(bigEndian: Int32(field.length))
          messages.append(base.extracting(field.offset..<(field.offset + field.length)))
        }
      }
      ends.append(messages.count)
    }
  }

  func transcode(_ plan: RowPlan) throws -> Int {
    var fields: [FieldRange] = []
    var out = ByteWriter(capacity: 1 << 16)
    var holes: [ValueHole] = []
    var written = 0
    var start = 0
    let all = messages.bytes
    for (index, end) in ends.enumerated() {
      guard case .insert(let insert) = try LogicalMessage(all.extracting(start..<end)) else { continue }
      start = end
      try insert.new.index(into: &fields)
      try plan.appendKey(fields.span, insert.new.span, into: &out)
      try plan.appendValue(fields.span, insert.new.span, into: &out, holes: &holes)
      if index % 100 == 99 {
        written += out.count
        out.clear()
      }
    }
    return written + out.count
  }
}
