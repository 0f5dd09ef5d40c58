// SPDX-License-Identifier: Apache-2.0
package import Wire

/// A question to the server: what the characters of a block are in UTF-8. Its answer has one row of one column.
package struct CharacterRequest: Equatable, Sendable {
  /// The character set.
  package let name: String
  package let sql: String
  let set: Int
  let block: UInt32
}

/// Which collation has which character set, and how texts of each become UTF-8.
///
/// The Unicode sets, ASCII and latin1 are computed. Of the others the server is the authority: what a character is in
/// UTF-8 is asked of it, a block at a time, when a text first has one of the block, and remembered.
/// Not well-formed bytes are `?` each, as they are when the server converts.
package final class CharacterSets {
  /// A collation with its character set and that set's MAXLEN (information_schema.CHARACTER_SETS).
  package struct Row: Equatable, Sendable {
    package var collation: UInt16
    package var name: String
    package var bytesMax: Int

    package init(collation: UInt16, name: String, bytesMax: Int) {
      self.collation = collation
      self.name = name
      self.bytesMax = bytesMax
    }
  }

  private struct ServerSet {
    var name: String
    var form: CharacterForm
    /// UTF-8 of up to seven bytes, least significant first, and its length in the top byte; 0 for what is not known.
    var blocks: [UInt32: [UInt64]] = [:]
    /// Whether bytes below 0x80 are ASCII: false until the block of single bytes is known.
    var isASCIICompatible = false
  }

  private var encodings: [UInt16: CharacterEncoding] = [:]
  private var sets: [ServerSet] = []
  /// What the last text that could not be converted lacks.
  private var missing: CharacterRequest?

  package init(_ rows: [Row]) {
    var places: [String: Int] = [:]
    for row in rows {
      if let computed = CharacterEncoding(name: row.name) {
        encodings[row.collation] = computed
      } else if let place = places[row.name] {
        encodings[row.collation] = .server(UInt16(place))
      } else if let form = CharacterForm(name: row.name, bytesMax: row.bytesMax) {
        places[row.name] = sets.count
        encodings[row.collation] = .server(UInt16(sets.count))
        sets.append(ServerSet(name: row.name, form: form))
      }
    }
  }

  /// Nil for a collation that the rows do not have, or whose set we cannot cut into characters.
  func encoding(of collation: UInt16) -> CharacterEncoding? { encodings[collation] }

  /// The question to the server that an error stands for; nil if it was another error.
  func takeMissing() -> CharacterRequest? {
    defer { missing = nil }
    return missing
  }

  /// Writes `text` as UTF-8. After an error `takeMissing` has the question to the server.
  func append(_ text: RawSpan, _ encoding: CharacterEncoding, into out: inout ByteWriter) throws(WireError) {
    switch encoding {
    case .binary, .utf8: out.append(text)
    case .ascii: out.append(ascii: text)
    case .latin1: out.append(latin1: text)
    case .ucs2: out.append(utf16: text, bigEndian: true, hasPairs: false)
    case .utf16: out.append(utf16: text, bigEndian: true)
    case .utf16LittleEndian: out.append(utf16: text, bigEndian: false)
    case .utf32: out.append(utf32: text)
    case .server(let set): try append(text, set: Int(set), into: &out)
    }
  }

  private func append(_ text: RawSpan, set: Int, into out: inout ByteWriter) throws(WireError) {
    if sets[set].isASCIICompatible, text.isASCII { return out.append(text) }
    let form = sets[set].form
    var block: UInt32 = 0
    var known: [UInt64] = []
    var start = 0
    while start < text.byteCount {
      guard let character = form.character(text, at: start) else {
        out.append(0x3F as UInt8)
        start += 1
        continue
      }
      if character.block != block {
        guard let entries = sets[set].blocks[character.block] else {
          missing = request(set: set, block: character.block)
          throw WireError(.badValue("characters not known yet"), offset: start, context: "text")
        }
        block = character.block
        known = entries
      }
      var entry = known[character.index]
      for _ in 0..<(entry >> 56) {
        out.append(UInt8(truncatingIfNeeded: entry))
        entry >>= 8
      }
      start += character.length
    }
  }

  private func request(set: Int, block: UInt32) -> CharacterRequest {
    let name = sets[set].name
    // Each by itself: what the server makes of one cannot be taken for its neighbour.
    let items = sets[set].form.characters(of: block).map { character in
      "COALESCE(HEX(CONVERT(_\(name) X'\(String(hex: character.bytes))' USING utf8mb4)),'3F')"
    }
    return CharacterRequest(
      name: name, sql: "SELECT CONCAT_WS(',',\(items.joined(separator: ",")))", set: set, block: block)
  }

  /// Takes the server's answer: the text of the row's only column.
  package func learn(_ request: CharacterRequest, _ answer: [UInt8]) throws(WireError) {
    let characters = sets[request.set].form.characters(of: request.block)
    let items = answer.split(separator: 0x2C, omittingEmptySubsequences: false)
    guard items.count == characters.count else {
      throw WireError(.badLength(items.count), offset: 0, context: "characters")
    }
    let isLarge = sets[request.set].form == .gb18030 && request.block >= 0x1_0000
    var entries = [UInt64](repeating: 1 << 56 | 0x3F, count: isLarge ? 1_260 : 256)
    for (character, item) in zip(characters, items) { entries[character.index] = try CharacterSets.entry(item) }
    sets[request.set].blocks[request.block] = entries
    if request.block == 1 {
      sets[request.set].isASCIICompatible = (0..<128).allSatisfy { entries[$0] == 1 << 56 | UInt64($0) }
    }
  }

  /// The hexadecimal digits of up to seven bytes.
  private static func entry(_ digits: ArraySlice<UInt8>) throws(WireError) -> UInt64 {
    guard digits.count % 2 == 0, digits.count <= 14 else {
      throw WireError(.badLength(digits.count), offset: digits.startIndex, context: "characters")
    }
    var entry = UInt64(digits.count / 2) << 56
    var shift: UInt64 = 0
    for index in stride(from: digits.startIndex, to: digits.endIndex, by: 2) {
      guard let high = digits[index].hexValue, let low = digits[index + 1].hexValue else {
        throw WireError(.badValue("not a hexadecimal digit"), offset: index, context: "characters")
      }
      entry |= UInt64(high << 4 | low) << shift
      shift += 8
    }
    return entry
  }
}
