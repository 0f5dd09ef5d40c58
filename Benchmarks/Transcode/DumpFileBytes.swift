// SPDX-License-Identifier: Apache-2.0
import MySQL
import Wire

/// What `mysqldump` writes of the rows of `CopyLines`, read by the daemon's parser: rows with their literals' bytes.
struct DumpFileBytes: ~Copyable {
  private var text = ByteWriter(capacity: 1 << 20)
  var byteCount: Int { text.count }

  /// A statement holds about as much as the tools put into one.
  init(of lines: borrowing CopyLines) {
    var row = 0
    var statement = 0
    lines.forEach { line in
      let isFirst = statement == 0
      if isFirst { text.append("INSERT INTO `items` VALUES " as StaticString) }
      text.append((isFirst ? "(" : ",(") as StaticString)
      var start = 0
      var field = 0
      while start < line.byteCount {
        let end = line.firstIndex(of: 0x09, from: start) ?? line.byteCount - 1
        append(line.extracting(start..<end), isText: [2, 3, 6, 7].contains(field))
        if end < line.byteCount - 1 { text.append(UInt8(ascii: ",")) }
        start = end + 1
        field += 1
      }
      text.append(UInt8(ascii: ")"))
      row += 1
      statement += line.byteCount
      if statement > 1_000_000 {
        text.append(";\n" as StaticString)
        statement = 0
      }
    }
    text.append(";\n-- Dump completed\n" as StaticString)
  }

  private mutating func append(_ field: RawSpan, isText: Bool) {
    if field.isEqual(to: "\\N") { return text.append("NULL" as StaticString) }
    if field.isEqual(to: "t") || field.isEqual(to: "f") { return text.append(UInt8(field[0] == 0x74 ? 0x31 : 0x30)) }
    guard isText else { return text.append(field) }
    text.append(UInt8(ascii: "'"))
    for index in 0..<field.byteCount {
      if field[index] == 0x22 || field[index] == 0x27 { text.append(UInt8(ascii: "\\")) }
      text.append(field[index])
    }
    text.append(UInt8(ascii: "'"))
  }

  private struct Counter: DumpFileSink {
    var bytes = 0
    mutating func define(schema: String, table: String, statement: RawSpan) throws(Never) {}
    mutating func begin(_ table: DumpFileTable) throws(Never) -> Bool { true }
    mutating func receive(_ fields: Span<RowField>, _ base: RawSpan) throws(Never) -> Flow {
      bytes += base.byteCount + fields.count
      return .more
    }
  }

  /// Answers how many bytes the rows have.
  func read() throws -> Int {
    let input = ReceiveBuffer(capacity: 512 * 1024)
    var parser = DumpFileParser(schema: "bench")
    var counter = Counter()
    let all = text.bytes
    var start = 0
    while start < all.byteCount {
      let end = min(start + 256 * 1024, all.byteCount)
      input.append(all.extracting(start..<end))
      start = end
      _ = try parser.drain(from: input, into: &counter)
    }
    try parser.end()
    return counter.bytes
  }
}
