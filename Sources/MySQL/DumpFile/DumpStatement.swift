// SPDX-License-Identifier: Apache-2.0
//
//   -- to the end of the line        /* comment */        /*!40101 SET … */ ;        CREATE TABLE `a;b` ( … ) ;
//   INSERT INTO `t` (`c`) VALUES ║ (1,'x'),(2,'y');       the rows are not collected
internal import Wire

/// Collects one statement or comment of a dump file, up to its end; of an INSERT what stands before its rows.
///
/// It takes bytes as they come and remembers where it is inside quotes, so that none is looked at twice.
struct DumpStatement: ~Copyable {
  enum Outcome { case needsInput, comment, statement, insert }

  private enum Place { case start, dash, slash, lineComment, comment, code, quoted(UInt8), escaped(UInt8) }

  /// The whole of CREATE TABLE, or of a GTID set; an INSERT's rows are not part of it.
  static let bytesMax = 16 << 20

  private(set) var text = ByteWriter(capacity: 4096)
  private var place = Place.start
  private var isWhole = false
  /// Begins with `/*!` or `/*M!`: a comment that other servers execute. It ends with the comment, not with a semicolon.
  private var isVersionComment = false

  /// Nothing has been begun: only white space, or nothing, since the last end.
  var isEmpty: Bool { isWhole || text.isEmpty }

  /// Takes bytes from `offset` on and leaves it behind the end of the statement, its semicolon included.
  mutating func collect(_ bytes: RawSpan, from offset: inout Int) throws(WireError) -> Outcome {
    if isWhole {
      text.clear()
      place = .start
      isWhole = false
      isVersionComment = false
    }
    while offset < bytes.byteCount {
      let byte = bytes[offset]
      let at = offset
      offset += 1
      if let outcome = take(byte) {
        isWhole = true
        return outcome
      }
      if text.count > Self.bytesMax {
        throw WireError(.badLength(text.count), offset: at, context: "statement of a dump file")
      }
    }
    return .needsInput
  }

  /// One byte; an outcome if it is the last one.
  private mutating func take(_ byte: UInt8) -> Outcome? {
    switch place {
    case .start: return begin(byte)
    case .dash:
      text.append(byte)
      place = byte == UInt8(ascii: "-") ? .lineComment : .code
    case .slash:
      text.append(byte)
      noteComment(byte)
    case .lineComment:
      if byte == UInt8(ascii: "\n") { return .comment }
      text.append(byte)
    case .comment:
      text.append(byte)
      // "/*/" is not closed yet.
      if byte == UInt8(ascii: "/"), text.count >= 4, text.bytes[text.count - 2] == UInt8(ascii: "*") { return .comment }
    case .code: return code(byte)
    case .quoted(let quote):
      text.append(byte)
      if byte == quote {
        place = .code
      } else if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "`") {
        place = .escaped(quote)
      }
    case .escaped(let quote):
      text.append(byte)
      place = .quoted(quote)
    }
    return nil
  }

  private mutating func begin(_ byte: UInt8) -> Outcome? {
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ";"): return nil
    case UInt8(ascii: "-"): place = .dash
    case UInt8(ascii: "/"): place = .slash
    default:
      place = .code
      return code(byte)
    }
    text.append(byte)
    return nil
  }

  /// The bytes behind a slash at the beginning tell which kind of comment it is.
  private mutating func noteComment(_ byte: UInt8) {
    switch (text.count, byte) {
    case (2, UInt8(ascii: "*")), (3, UInt8(ascii: "M")): break
    case (3, UInt8(ascii: "!")), (4, UInt8(ascii: "!")):
      isVersionComment = true
      place = .code
    case (2, _): place = .code
    default: place = .comment
    }
  }

  private mutating func code(_ byte: UInt8) -> Outcome? {
    switch byte {
    case UInt8(ascii: ";") where !isVersionComment: return .statement
    case UInt8(ascii: "("):
      if isBeforeRows {
        // The rows' reader wants the parenthesis; see `DumpFileParser`.
        return .insert
      }
      text.append(byte)
    case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
      text.append(byte)
      place = .quoted(byte)
    case UInt8(ascii: "/") where isVersionComment && text.count >= 5 && text.bytes[text.count - 1] == UInt8(ascii: "*"):
      text.append(byte)
      return .comment
    default: text.append(byte)
    }
    return nil
  }

  /// An INSERT or REPLACE whose last word is VALUES.
  private var isBeforeRows: Bool {
    let bytes = text.bytes
    guard bytes.starts(with: "INSERT ", at: 0) || bytes.starts(with: "REPLACE ", at: 0) else { return false }
    var end = bytes.byteCount
    while end > 0, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return end > 7 && bytes.starts(with: "VALUES", at: end - 6) && bytes[end - 7] == 0x20
  }
}
