// SPDX-License-Identifier: Apache-2.0
//
//   INSERT  IGNORE INTO `t` (`a`, `b``c`) VALUES
internal import Wire

/// What stands before the rows of an INSERT, or the names in a CREATE TABLE or USE.
struct InsertHeader {
  /// Nil where the INSERT does not say it.
  var schema: String?
  var table: String
  var columns: [String]

  static let columnsMax = 4096

  init(_ text: RawSpan) throws(WireError) {
    guard let start = text.end(of: " INTO ", from: 0) else {
      throw WireError(.badValue("INSERT without INTO"), offset: 0, context: "INSERT of a dump file")
    }
    var names = DumpFileNames(text, from: start)
    (schema, table) = try names.qualifiedName()
    columns = []
    guard names.skip(UInt8(ascii: "(")) else { return }
    repeat {
      columns.append(try names.name())
      if columns.count > Self.columnsMax {
        throw WireError(.badLength(columns.count), offset: names.position, context: "columns of an INSERT")
      }
    } while names.skip(UInt8(ascii: ","))
    guard names.skip(UInt8(ascii: ")")) else {
      throw WireError(.badValue("list of columns without its end"), offset: names.position, context: "INSERT")
    }
  }
}

/// A cursor over names in a statement.
struct DumpFileNames: ~Escapable {
  let text: RawSpan
  private(set) var position: Int

  @_lifetime(copy text)
  init(_ text: RawSpan, from position: Int) {
    self.text = text
    self.position = position
  }

  /// Passes over white space and this byte; false if another one is there.
  @_lifetime(self: copy self)
  mutating func skip(_ byte: UInt8) -> Bool {
    skipSpace()
    guard position < text.byteCount, text[position] == byte else { return false }
    position += 1
    return true
  }

  @_lifetime(self: copy self)
  private mutating func skipSpace() {
    while position < text.byteCount, text[position] <= 0x20 { position += 1 }
  }

  /// `` `schema`.`table` `` or `` `table` ``.
  @_lifetime(self: copy self)
  mutating func qualifiedName() throws(WireError) -> (schema: String?, name: String) {
    let first = try name()
    guard position < text.byteCount, text[position] == UInt8(ascii: ".") else { return (nil, first) }
    position += 1
    return (first, try name())
  }

  /// In backticks, a doubled one standing for one; or a bare word (`--skip-quote-names`).
  @_lifetime(self: copy self)
  mutating func name() throws(WireError) -> String {
    skipSpace()
    var out: [UInt8] = []
    let start = position
    if position < text.byteCount, text[position] == UInt8(ascii: "`") {
      position += 1
      while let end = text.firstIndex(of: UInt8(ascii: "`"), from: position) {
        out += text.extracting(position..<end).array
        position = end + 1
        guard position < text.byteCount, text[position] == UInt8(ascii: "`") else {
          return String(decoding: out, as: UTF8.self)
        }
        out.append(UInt8(ascii: "`"))
        position += 1
      }
      throw WireError(.badValue("name without its end"), offset: start, context: "statement of a dump file")
    }
    while position < text.byteCount, text[position] > 0x20, !Self.isPunctuation(text[position]) { position += 1 }
    guard position > start else {
      throw WireError(.badValue("name expected"), offset: start, context: "statement of a dump file")
    }
    return String(decoding: text.extracting(start..<position))
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: ";"): true
    default: false
    }
  }
}
