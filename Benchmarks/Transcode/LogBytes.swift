// SPDX-License-Identifier: Apache-2.0
//
//   'd' length { 'w' walStart walEnd time { 'B' … } }   'd' { 'w' { 'I' oid 'N' tuple } } × 100   'd' { 'w' { 'C' … } }
import Daemon
import Postgres
import Wire

/// The bytes of a replication stream whose transactions insert the given rows.
struct LogBytes: ~Copyable {
  private static let oid: UInt32 = 16_384
  private var bytes = ByteWriter(capacity: 1 << 20)
  private var lsn: UInt64 = 0x100_0000
  var byteCount: Int { bytes.count }

  init(of lines: borrowing CopyLines, transactionRows: Int) throws {
    var line = CopyTextLine()
    var row = 0
    try lines.forEach { text in
      if row % transactionRows == 0 { begin() }
      try line.split(text)
      let base = line.base(of: text)
      insert(line.fields, base)
      row += 1
      if row % transactionRows == 0 || row == lines.count { commit() }
    }
  }

  private mutating func message(_ write: (inout ByteWriter) -> Void) {
    lsn += 256
    let position = lsn
    bytes.append(UInt8(ascii: "d"))
    bytes.lengthPrefixed(Int32.self, includingItself: true) { out in
      out.append(UInt8(ascii: "w"))
      out.append(bigEndian: position)
      out.append(bigEndian: position)
      out.append(bigEndian: 0 as Int64)
      write(&out)
    }
  }

  private mutating func begin() {
    let end = lsn + 0x10_0000
    message { out in
      out.append(UInt8(ascii: "B"))
      out.append(bigEndian: end)
      out.append(bigEndian: 0 as Int64)
      out.append(bigEndian: 700 as UInt32)
    }
  }

  private mutating func insert(_ fields: Span<FieldRange>, _ base: RawSpan) {
    message { out in
      out.append(UInt8(ascii: "I"))
      out.append(bigEndian: Self.oid)
      out.append(UInt8(ascii: "N"))
      out.append(bigEndian: Int16(fields.count))
      for index in fields.indices {
        let field = fields[index]
        guard field.hasBytes else {
          out.append(UInt8(ascii: "n"))
          continue
        }
        out.append(UInt8(ascii: "t"))
        out.append(bigEndian: Int32(field.length))
        out.append(base.extracting(field.offset..<(field.offset + field.length)))
      }
    }
  }

  private mutating func commit() {
    let end = lsn + 0x10_0000
    message { out in
      out.append(UInt8(ascii: "C"))
      out.append(0 as UInt8)
      out.append(bigEndian: end)
      out.append(bigEndian: end + 8)
      out.append(bigEndian: 0 as Int64)
    }
  }

  /// Hands the stream to the daemon's applier; answers how many bytes became operations, and the seconds.
  func transcode(_ plan: RowPlan) throws -> (bytes: Int, seconds: Double) {
    let session = self.session()
    let transcoder = LogTranscoder(session: session, oid: Self.oid, schema: "public", table: "products", rows: plan)
    let elapsed = try feed(session) { try transcoder.drain() }
    return (transcoder.bytes, elapsed)
  }

  /// Writes keys and values, without a batch.
  func writeRows(_ plan: RowPlan) throws -> (bytes: Int, seconds: Double) {
    let session = self.session()
    var sink = RowWriterSink(plan)
    let elapsed = try feed(session) { _ = try session.drainReplication(into: &sink) }
    return (sink.written, elapsed)
  }

  private func session() -> PostgresSession {
    let session = PostgresSession(
      input: ReceiveBuffer(capacity: 512 * 1024), output: SendBuffer(), peer: "memory")
    session.phase = .copyBoth
    return session
  }

  /// Fills the session's input as a turn of the loop does, 256 KiB at a time; the seconds are without this copy, which
  /// stands for the kernel's.
  private func feed(_ session: PostgresSession, _ drain: () throws -> Void) throws -> Double {
    var start = 0
    var elapsed = 0.0
    while start < bytes.count {
      let end = min(start + 256 * 1024, bytes.count)
      session.input.append(bytes.bytes.extracting(start..<end))
      start = end
      let started = seconds()
      try drain()
      elapsed += seconds() - started
    }
    return elapsed
  }
}
