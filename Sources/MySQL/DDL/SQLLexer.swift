// SPDX-License-Identifier: Apache-2.0

/// Cuts a statement into tokens as the server does: with its comments that are code, its quotes and its escapes.
///
/// Reads no further than it is asked: of a long INSERT only the beginning. What is not closed ends at the end.
struct SQLLexer {
  private let text: [UInt8]
  private let sqlMode: SQLMode
  private let version: ServerVersion
  private var at = 0
  /// Within `/*! … */`, the text of which is code.
  private var isInCodeComment = false

  /// - Parameter text: in UTF-8.
  init(_ text: [UInt8], sqlMode: SQLMode, version: ServerVersion) {
    self.text = text
    self.sqlMode = sqlMode
    self.version = version
  }

  private func byte(_ ahead: Int = 0) -> UInt8? { at + ahead < text.count ? text[at + ahead] : nil }

  private func starts(with sign: StaticString) -> Bool {
    let count = sign.utf8CodeUnitCount
    guard at + count <= text.count else { return false }
    return sign.withUTF8Buffer { unsafe text[at..<(at + count)].elementsEqual($0) }
  }

  mutating func next() -> SQLToken {
    skipBlanks()
    guard let first = byte() else { return .end }
    switch first {
    case UInt8(ascii: "`"): return SQLToken(kind: .quotedName, text: quoted(first, escapes: false))
    case UInt8(ascii: "\""):
      return sqlMode.contains(.ansiQuotes)
        ? SQLToken(kind: .quotedName, text: quoted(first, escapes: false)) : string(first)
    case UInt8(ascii: "'"): return string(first)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return numberOrName()
    case UInt8(ascii: ".") where byte(1).map(Self.isDigit) == true && !isAfterName: return numberOrName()
    case _ where Self.isNameByte(first): return word()
    default:
      at += 1
      return SQLToken(kind: .sign, text: String(UnicodeScalar(first)))
    }
  }

  /// A point after a name parts it from the next; otherwise it may begin a number.
  private var isAfterName: Bool {
    guard at > 0 else { return false }
    return Self.isNameByte(text[at - 1]) || text[at - 1] == UInt8(ascii: "`") || text[at - 1] == UInt8(ascii: "\"")
  }

  // MARK: Blanks and comments

  private mutating func skipBlanks() {
    while let first = byte() {
      if first <= 0x20 {
        at += 1
      } else if first == UInt8(ascii: "#") {
        skipLine()
      } else if starts(with: "--"), byte(2).map({ $0 <= 0x20 }) ?? true {
        // "the -- comment style requires the second dash to be followed by at least one whitespace or control
        // character"
        skipLine()
      } else if starts(with: "/*") {
        beginComment()
      } else if isInCodeComment, starts(with: "*/") {
        isInCodeComment = false
        at += 2
      } else {
        return
      }
    }
  }

  private mutating func skipLine() {
    while let next = byte(), next != UInt8(ascii: "\n") { at += 1 }
  }

  private mutating func beginComment() {
    let isMariaDBs = starts(with: "/*M!")
    guard isMariaDBs || starts(with: "/*!") else { return skipComment() }
    let start = at
    at += isMariaDBs ? 4 : 3
    var digits = 0
    var number = 0
    while digits < 6, let next = byte(), Self.isDigit(next) {
      number = number * 10 + Int(next - UInt8(ascii: "0"))
      digits += 1
      at += 1
    }
    // Fewer than five digits are no version but code.
    if digits < 5 {
      at -= digits
      number = 0
    }
    if runs(number, isMariaDBs: isMariaDBs) {
      isInCodeComment = true
    } else {
      at = start
      skipComment()
    }
  }

  /// Whether this server takes the comment's text for code.
  private func runs(_ number: Int, isMariaDBs: Bool) -> Bool {
    switch version.flavor {
    case .mysql: !isMariaDBs && number <= version.number
    case .mariaDB:
      // "MariaDB ignores MySQL-style executable comments that have a version number in the interval 50700..99999."
      number <= version.number && (isMariaDBs || !(50_700...99_999).contains(number))
    }
  }

  private mutating func skipComment() {
    at += 2
    var depth = 1
    while at < text.count {
      if starts(with: "*/") {
        at += 2
        depth -= 1
        if depth == 0 { return }
      } else if starts(with: "/*!") || starts(with: "/*M!") {
        // Only code comments nest.
        at += 3
        depth += 1
      } else {
        at += 1
      }
    }
  }

  // MARK: Words

  static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  /// "ASCII: [0-9,a-z,A-Z$_] … Extended: U+0080 .. U+FFFF", and `@` of variables.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "@"), 0x80...:
      true
    default: false
    }
  }

  private mutating func word() -> SQLToken {
    let start = at
    while let next = byte(), Self.isNameByte(next) { at += 1 }
    let word = String(decoding: text[start..<at], as: UTF8.self)
    // N'…', x'…', b'…' and _utf8'…' are literals.
    if byte() == UInt8(ascii: "'") {
      let lower = word.lowercased()
      if lower == "n" || word.hasPrefix("_") { return string(UInt8(ascii: "'")) }
      if lower == "x" || lower == "b" {
        return SQLToken(kind: .number, text: quoted(UInt8(ascii: "'"), escapes: false))
      }
    }
    return SQLToken(kind: .word, text: word, keyword: word.uppercased())
  }

  /// "Identifiers may begin with a digit but unless quoted may not consist solely of digits."
  private mutating func numberOrName() -> SQLToken {
    let start = at
    var isNumber = true
    while let next = byte() {
      if Self.isNameByte(next) {
        let isExponent = next | 0x20 == UInt8(ascii: "e") && at > start
        if isExponent, let sign = byte(1), sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+"), isNumber { at += 1 }
        if !Self.isDigit(next), !isExponent { isNumber = false }
      } else if next != UInt8(ascii: ".") || !isNumber {
        break
      }
      at += 1
    }
    let word = String(decoding: text[start..<at], as: UTF8.self)
    let isHex = word.hasPrefix("0x") || word.hasPrefix("0b")
    return isNumber || isHex
      ? SQLToken(kind: .number, text: word) : SQLToken(kind: .word, text: word, keyword: word.uppercased())
  }

  // MARK: Quotes

  /// "Quoted strings placed next to each other are concatenated to a single string."
  private mutating func string(_ quote: UInt8) -> SQLToken {
    let escapes = !sqlMode.contains(.noBackslashEscapes)
    var text = quoted(quote, escapes: escapes)
    while true {
      let here = (at, isInCodeComment)
      skipBlanks()
      let isString = byte() == UInt8(ascii: "'") || byte() == UInt8(ascii: "\"") && !sqlMode.contains(.ansiQuotes)
      guard isString, let quote = byte() else {
        (at, isInCodeComment) = here
        return SQLToken(kind: .string, text: text)
      }
      text += quoted(quote, escapes: escapes)
    }
  }

  /// What stands between two quotes; the quote itself is written twice, or after a backslash.
  private mutating func quoted(_ quote: UInt8, escapes: Bool) -> String {
    at += 1
    var content: [UInt8] = []
    while let next = byte() {
      at += 1
      if next == quote {
        guard byte() == quote else { break }
        content.append(quote)
        at += 1
      } else if next == UInt8(ascii: "\\"), escapes, let escaped = byte() {
        at += 1
        Self.append(escape: escaped, to: &content)
      } else {
        content.append(next)
      }
    }
    return String(decoding: content, as: UTF8.self)
  }

  /// MySQL Reference Manual, "String Literals", the table of escape sequences.
  private static func append(escape: UInt8, to content: inout [UInt8]) {
    switch escape {
    case UInt8(ascii: "0"): content.append(0)
    case UInt8(ascii: "b"): content.append(8)
    case UInt8(ascii: "n"): content.append(10)
    case UInt8(ascii: "r"): content.append(13)
    case UInt8(ascii: "t"): content.append(9)
    case UInt8(ascii: "Z"): content.append(26)
    // "If you use \% or \_ outside of pattern-matching contexts, they evaluate to the strings \% and \_".
    case UInt8(ascii: "%"), UInt8(ascii: "_"): content += [UInt8(ascii: "\\"), escape]
    default: content.append(escape)
    }
  }
}
