// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// The position in the log that a dump says it belongs to, as its tool wrote it: as statements or as comments.
///
///     -- CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='binlog.000001', SOURCE_LOG_POS=8020;
///     /* SET @@GLOBAL.GTID_PURGED='+5d1beed9-…:1-20:tag:1-2,
///     8e9c9e6c-…:7';*/
///     -- SET GLOBAL gtid_slave_pos='3-28144-2,0-28144-20';
///
/// What is found first counts: behind the first table a file may say anything, in the names of its tables.
public struct DumpFilePosition: Equatable, Sendable {
  /// Nil until found, with the offset.
  public private(set) var file: String?
  public private(set) var offset: UInt64 = 0
  /// MySQL's GTID set, without white space and without the plus sign; nil where GTIDs are off.
  public private(set) var gtidSet: String?
  /// MariaDB's GTID position. From 10.11 on the tool writes it behind the last table.
  public private(set) var gtidPosition: String?

  public init() {}

  /// Looks for a position in one statement or comment.
  mutating func take(_ text: RawSpan) {
    var start = 0
    if text.starts(with: "-- ", at: 0) || text.starts(with: "/* ", at: 0) { start = 3 }
    if text.starts(with: "CHANGE ", at: start) {
      guard file == nil,
        let name = text.end(of: "_LOG_FILE='", from: start), let close = text.firstIndex(of: 0x27, from: name),
        let digits = text.end(of: "_LOG_POS=", from: close), let offset = text.decimal(at: digits)
      else { return }
      file = String(decoding: text.extracting(name..<close))
      self.offset = offset
    } else if text.starts(with: "SET @@GLOBAL.GTID_PURGED=", at: start) {
      // The plus sign, "add this to what is there", stands in the set or in a version comment of its own.
      if gtidSet == nil { gtidSet = text.lastQuoted?.filter { !$0.isWhitespace && $0 != "+" } }
    } else if text.starts(with: "SET GLOBAL gtid_slave_pos=", at: start) {
      if gtidPosition == nil { gtidPosition = text.lastQuoted?.filter { !$0.isWhitespace } }
    }
  }
}

extension RawSpan {
  func starts(with word: StaticString, at start: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    return start + length <= byteCount && extracting(start..<(start + length)).isEqual(to: word)
  }

  /// Where the first `word` at or behind `start` ends.
  func end(of word: StaticString, from start: Int) -> Int? {
    let length = word.utf8CodeUnitCount
    var position = start
    while position + length <= byteCount {
      if starts(with: word, at: position) { return position + length }
      position += 1
    }
    return nil
  }

  fileprivate func decimal(at start: Int) -> UInt64? {
    var end = start
    while end < byteCount, self[end] &- 0x30 < 10 { end += 1 }
    return UInt64(String(decoding: extracting(start..<end)))
  }

  /// What the last two single quotes enclose.
  fileprivate var lastQuoted: String? {
    var ends: [Int] = []
    var position = byteCount - 1
    while position >= 0, ends.count < 2 {
      if self[position] == 0x27 { ends.append(position) }
      position -= 1
    }
    return ends.count == 2 ? String(decoding: extracting((ends[1] + 1)..<ends[0])) : nil
  }
}
