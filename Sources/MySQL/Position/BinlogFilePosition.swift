// SPDX-License-Identifier: Apache-2.0

/// A place in a server's log: the file and the bytes before it.
///
/// Files are numbered from 000001 and the number grows beyond six digits, so that names do not order as text.
public struct BinlogFilePosition: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var file: String
  /// Bytes from the file's start; the first event is at 4.
  public var offset: UInt64

  public init(file: String, offset: UInt64) {
    self.file = file
    self.offset = offset
  }

  /// `binlog.000002:1234`; nil if it is none.
  public init?(_ text: some StringProtocol) {
    guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
      let offset = UInt64(text[text.index(after: colon)...])
    else { return nil }
    self.init(file: String(text[..<colon]), offset: offset)
  }

  /// The number behind the last period; nil if there is none.
  public var fileNumber: UInt64? {
    guard let period = file.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    return UInt64(file[file.utf8.index(after: period)...])
  }

  /// Whether `other` is in the very next file; true also where the names do not tell.
  public func isInFileBefore(_ other: BinlogFilePosition) -> Bool {
    guard let fileNumber, let next = other.fileNumber else { return file != other.file }
    return fileNumber < next && next - fileNumber == 1
  }

  /// What stands before that period: what `log_bin` says.
  public var fileBase: Substring { file[..<(file.lastIndex(of: ".") ?? file.endIndex)] }

  /// By the file's number; names without one come first, by name.
  public static func < (a: BinlogFilePosition, b: BinlogFilePosition) -> Bool {
    let numbers = (a.fileNumber, b.fileNumber)
    switch numbers {
    case (let first?, let second?) where first != second: return first < second
    case (nil, _?): return true
    case (_?, nil): return false
    default: return a.file == b.file ? a.offset < b.offset : a.file < b.file
    }
  }

  public var description: String { "\(file):\(offset)" }
}
