// SPDX-License-Identifier: Apache-2.0

/// Swift source with the content of comments and string literals blanked out, so that braces and words can be counted.
/// Line ends stay where they are.
struct SwiftText {
  private(set) var code: [UInt8] = []
  private let source: [UInt8]
  private var at = 0

  init(_ text: String) {
    source = Array(text.utf8)
    code.reserveCapacity(source.count)
    scanCode(untilParenthesis: false)
  }

  var lines: [String] {
    code.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  private func starts(with text: StaticString) -> Bool {
    text.withUTF8Buffer { source[at...].starts(with: $0) }
  }

  /// Passes over bytes that are not code.
  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where at < source.count {
      code.append(source[at] == UInt8(ascii: "\n") ? UInt8(ascii: "\n") : UInt8(ascii: " "))
      at += 1
    }
  }

  private mutating func scanCode(untilParenthesis: Bool) {
    var depth = 0
    while at < source.count {
      let byte = source[at]
      if starts(with: "//") {
        while at < source.count, source[at] != UInt8(ascii: "\n") { blank() }
      } else if starts(with: "/*") {
        while at < source.count, !starts(with: "*/") { blank() }
        blank(2)
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "#"), let hashes = hashesBeforeQuote() {
        scanString(hashes: hashes)
      } else {
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") {
          if untilParenthesis && depth == 0 { return }
          depth -= 1
        }
        code.append(byte)
        at += 1
      }
    }
  }

  /// How many `#` stand before the quote of a literal that begins here; nil if none begins.
  private func hashesBeforeQuote() -> Int? {
    let hashes = source[at...].prefix { $0 == UInt8(ascii: "#") }.count
    return at + hashes < source.count && source[at + hashes] == UInt8(ascii: "\"") ? hashes : nil
  }

  private mutating func scanString(hashes: Int) {
    blank(hashes)
    let quote: [UInt8] = starts(with: "\"\"\"") ? [34, 34, 34] : [34]
    let end = quote + [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
    let escape = [UInt8(ascii: "\\")] + [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
    blank(quote.count)
    while at < source.count, !source[at...].starts(with: end) {
      guard source[at...].starts(with: escape) else {
        blank()
        continue
      }
      blank(escape.count)
      if at < source.count, source[at] == UInt8(ascii: "(") {
        blank()
        scanCode(untilParenthesis: true)
      }
      blank()
    }
    blank(end.count)
  }

  struct Function {
    let firstLine: Int
    let lineCount: Int
  }

  /// Each function, initialiser and accessor block with a body: where it begins and how long it is.
  var functions: [Function] {
    let lines = self.lines
    var functions: [Function] = []
    for (number, line) in lines.enumerated() where Self.opensFunction(line) {
      var depth = 0
      var hasBody = false
      scan: for end in number..<lines.count {
        for byte in lines[end].utf8 {
          if byte == UInt8(ascii: "{") {
            depth += 1
            hasBody = true
          }
          if byte == UInt8(ascii: "}") { depth -= 1 }
          if hasBody && depth == 0 {
            functions.append(Function(firstLine: number + 1, lineCount: end - number + 1))
            break scan
          }
          if depth < 0 { break scan }  // a requirement of a protocol: no body
        }
      }
    }
    return functions
  }

  private static func opensFunction(_ line: String) -> Bool {
    let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@" || $0 == ".") }
    if words.contains("func") || words.first == "deinit" || words.contains("subscript") { return true }
    let modifiers: Set<Substring> = [
      "public", "package", "internal", "private", "fileprivate", "convenience", "required",
    ]
    return words.first { !modifiers.contains($0) && !$0.hasPrefix("@") } == "init"
  }
}
