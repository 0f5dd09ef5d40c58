// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// The members of one JSON object, found without building anything. Strict (RFC 8259), any depth, no recursion.
struct JSONObjectScanner: ~Escapable {
  struct Member {
    /// The name between its quotes, still escaped.
    var name: Range<Int>
    var value: Range<Int>
  }

  private let text: RawSpan
  private let body: Int
  private var position: Int
  private var isAtStart = true
  private var isAtEnd = false

  @_lifetime(copy text)
  init(_ text: RawSpan) throws(WireError) {
    self.text = text
    let start = text.endOfBlanks(from: 0)
    guard start < text.byteCount, text[start] == 0x7B else { throw .json("no object", start) }
    body = start + 1
    position = body
  }

  /// The next member, or nil behind the last, when the object's end and nothing else behind it has been seen.
  @_lifetime(self: copy self)
  mutating func next() throws(WireError) -> Member? {
    if isAtEnd { return nil }
    position = text.endOfBlanks(from: position)
    guard position < text.byteCount else { throw .json("object without its end", position) }
    if text[position] == 0x7D {
      position = text.endOfBlanks(from: position + 1)
      guard position == text.byteCount else { throw .json("bytes after the object", position) }
      isAtEnd = true
      return nil
    }
    if !isAtStart {
      guard text[position] == 0x2C else { throw .json("neither comma nor end of the object", position) }
      position = text.endOfBlanks(from: position + 1)
    }
    isAtStart = false
    let nameStart = position + 1
    let nameEnd = try text.endOfString(from: position)
    let valueStart = try text.endOfColon(from: nameEnd)
    position = try text.endOfValue(from: valueStart)
    return Member(name: nameStart..<(nameEnd - 1), value: valueStart..<position)
  }
}

extension JSONObjectScanner {
  /// The value of the member whose name stands between its quotes exactly so. The search goes on where the last one
  /// ended, for members mostly come in the order asked for, and begins anew once.
  ///
  /// A name that somebody else escaped otherwise is not found, which is safe: the caller takes it for missing.
  @_lifetime(self: copy self)
  mutating func find(_ name: RawSpan) throws(WireError) -> Range<Int>? {
    let first = position
    while let member = try next() {
      if text.extracting(member.name).isEqual(to: name) { return member.value }
    }
    position = body
    isAtStart = true
    isAtEnd = false
    while position < first, let member = try next() {
      if text.extracting(member.name).isEqual(to: name) { return member.value }
    }
    return nil
  }
}

extension WireError {
  static func json(_ what: StaticString, _ offset: Int) -> WireError {
    WireError(.badValue(what), offset: offset, context: "JSON")
  }
}

extension RawSpan {
  func endOfBlanks(from start: Int) -> Int {
    var position = start
    while position < byteCount, self[position] == 0x20 || self[position] &- 9 < 2 || self[position] == 0x0D {
      position += 1
    }
    return position
  }

  /// What follows the colon and the blanks around it.
  func endOfColon(from start: Int) throws(WireError) -> Int {
    let position = endOfBlanks(from: start)
    guard position < byteCount, self[position] == 0x3A else { throw .json("no colon", position) }
    return endOfBlanks(from: position + 1)
  }

  /// What follows the string that begins with the quote at `start`.
  func endOfString(from start: Int) throws(WireError) -> Int {
    guard start < byteCount, self[start] == 0x22 else { throw .json("no string", start) }
    var position = start + 1
    while true {
      position = firstToEscape(from: position)
      guard position < byteCount else { throw .json("string without its end", start) }
      switch self[position] {
      case 0x22: return position + 1
      case 0x5C: position = try endOfEscape(from: position)
      default: throw .json("control character in a string", position)
      }
    }
  }

  /// What follows the escape that begins with the backslash at `start`.
  func endOfEscape(from start: Int) throws(WireError) -> Int {
    guard start + 1 < byteCount else { throw .json("string without its end", start) }
    switch self[start + 1] {
    case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return start + 2
    case 0x75:
      guard start + 6 <= byteCount else { throw .json("string without its end", start) }
      for position in (start + 2)..<(start + 6) where self[position].hexValue == nil {
        throw .json("not a hexadecimal digit", position)
      }
      return start + 6
    default: throw .json("unknown escape", start)
    }
  }

  /// What follows a value that is no array and no object.
  func endOfScalar(from start: Int) throws(WireError) -> Int {
    guard start < byteCount else { throw .json("no value", start) }
    switch self[start] {
    case 0x22: return try endOfString(from: start)
    case 0x74: return try endOfWord("true", from: start)
    case 0x66: return try endOfWord("false", from: start)
    case 0x6E: return try endOfWord("null", from: start)
    default:
      guard let end = endOfNumber(from: start) else { throw .json("no value", start) }
      return end
    }
  }

  private func endOfWord(_ word: StaticString, from start: Int) throws(WireError) -> Int {
    let end = start + word.utf8CodeUnitCount
    guard end <= byteCount, extracting(start..<end).isEqual(to: word) else { throw .json("no value", start) }
    return end
  }

  /// What follows the value that begins at `start`, of any depth.
  func endOfValue(from start: Int) throws(WireError) -> Int {
    var open = OpenContainers()
    var position = start
    while true {
      if position < byteCount, self[position] == 0x7B || self[position] == 0x5B {
        let isObject = self[position] == 0x7B
        open.push(isObject: isObject)
        position = endOfBlanks(from: position + 1)
        let isEmpty = position < byteCount && self[position] == (isObject ? 0x7D : 0x5D)
        if !isEmpty {
          if isObject { position = try endOfColon(from: endOfString(from: position)) }
          continue
        }
      } else {
        position = try endOfScalar(from: position)
      }
      // Behind a value, or at the end of an empty container.
      while let isObject = open.innermostIsObject {
        position = endOfBlanks(from: position)
        guard position < byteCount else { throw .json("container without its end", position) }
        if self[position] == (isObject ? 0x7D : 0x5D) {
          open.pop()
          position += 1
          continue
        }
        guard self[position] == 0x2C else { throw .json("neither comma nor end", position) }
        position = endOfBlanks(from: position + 1)
        if isObject { position = try endOfColon(from: endOfString(from: position)) }
        break
      }
      if open.innermostIsObject == nil { return position }
    }
  }
}

/// Which containers are open, one bit each; the first 64 need no memory.
struct OpenContainers {
  private var innermost: UInt64 = 0
  private var outer: [UInt64] = []
  private(set) var count = 0

  var innermostIsObject: Bool? { count == 0 ? nil : innermost & 1 == 1 }

  mutating func push(isObject: Bool) {
    if count > 0, count % 64 == 0 {
      outer.append(innermost)
      innermost = 0
    }
    innermost = innermost << 1 | (isObject ? 1 : 0)
    count += 1
  }

  mutating func pop() {
    innermost >>= 1
    count -= 1
    if count > 0, count % 64 == 0, let word = outer.popLast() { innermost = word }
  }
}
