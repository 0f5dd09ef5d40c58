// SPDX-License-Identifier: Apache-2.0

extension GTIDSet: CustomStringConvertible {
  /// `UUID:1-3:5:tag:1-2,UUID:…`: the server's canonical form on one line (it puts a line end after each comma and
  /// takes the text with or without).
  public var description: String {
    var text = ""
    var previous: GTID.Source?
    for entry in entries {
      if previous?.uuid != entry.source.uuid {
        if previous != nil { text += "," }
        text += entry.source.uuid.description
      }
      if !entry.source.tag.isEmpty { text += ":" + entry.source.tag }
      for interval in entry.intervals {
        text += ":\(interval.start)"
        if interval.end - interval.start > 1 { text += "-\(interval.end - 1)" }
      }
      previous = entry.source
    }
    return text
  }

  /// The text of a set: blanks and line ends anywhere between its parts, sources and intervals in any order. Nil if it
  /// is none.
  public init?(_ text: some StringProtocol) {
    self.init()
    for part in text.split(separator: ",", omittingEmptySubsequences: true) {
      let fields = part.split(separator: ":", omittingEmptySubsequences: false).map { Self.trimmed(Substring($0)) }
      if fields.count == 1, fields[0].isEmpty { continue }
      guard fields.count > 1, let uuid = ServerUUID(fields[0]), add(fields.dropFirst(), of: uuid) else { return nil }
    }
  }

  /// Intervals and tags behind a UUID; false if they are none.
  private mutating func add(_ fields: ArraySlice<Substring>, of uuid: ServerUUID) -> Bool {
    var source = GTID.Source(uuid: uuid)
    var tagStandsAlone = false
    for field in fields {
      if let first = field.first, !first.isNumber {
        guard !tagStandsAlone, let tag = GTID.Source.tag(field) else { return false }
        source.tag = tag
        tagStandsAlone = true
        continue
      }
      tagStandsAlone = false
      let ends = field.split(separator: "-", omittingEmptySubsequences: false).map { Self.trimmed(Substring($0)) }
      guard ends.count <= 2, let start = Self.number(ends[0]), let end = Self.number(ends[ends.count - 1]) else {
        return false
      }
      // "If the end is smaller than the start, the interval is empty."
      if start <= end { add(Interval(start: start, end: end + 1), to: source) }
    }
    return !tagStandsAlone
  }

  /// 1…2⁶³−2 in decimal digits.
  static func number(_ text: some StringProtocol) -> UInt64? {
    guard let first = text.utf8.first, first != UInt8(ascii: "+"), let number = UInt64(text),
      (1...GTID.maximumNumber).contains(number)
    else { return nil }
    return number
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0.isWhitespace }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
