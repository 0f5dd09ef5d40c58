// SPDX-License-Identifier: Apache-2.0

/// MySQL's name of a transaction: `UUID:number` or, from 8.3 on, `UUID:tag:number`.
public struct GTID: Hashable, Sendable, CustomStringConvertible {
  /// Numbers are 1…2⁶³−2.
  public static let maximumNumber = UInt64(Int64.max) - 1
  /// "A tag consists of up to 32 characters … the first … a letter or underscore": letters, digits and `_`.
  public static let maximumTagLength = 32

  /// Who numbers transactions: a server, or one tag of it.
  public struct Source: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var uuid: ServerUUID
    /// Empty for none; lower case.
    public var tag: String

    public init(uuid: ServerUUID, tag: String = "") {
      self.uuid = uuid
      self.tag = tag
    }

    public static func < (a: Source, b: Source) -> Bool {
      a.uuid == b.uuid ? a.tag < b.tag : a.uuid < b.uuid
    }

    public var description: String { tag.isEmpty ? uuid.description : "\(uuid):\(tag)" }

    /// A tag in the server's form, or nil if it is none.
    static func tag(_ text: some StringProtocol) -> String? {
      let lower = text.lowercased()
      guard (1...maximumTagLength).contains(lower.utf8.count), lower.first?.isNumber == false,
        lower.utf8.allSatisfy(isTagByte)
      else { return nil }
      return lower
    }

    private static func isTagByte(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
      default: false
      }
    }
  }

  public var source: Source
  public var number: UInt64

  public var uuid: ServerUUID { source.uuid }
  public var tag: String { source.tag }

  public init(uuid: ServerUUID, tag: String = "", number: UInt64) {
    self.source = Source(uuid: uuid, tag: tag)
    self.number = number
  }

  /// `UUID:5` or `UUID:tag:5`; nil if it is none.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let uuid = ServerUUID(parts[0]),
      let number = GTIDSet.number(parts[parts.count - 1])
    else { return nil }
    var tag = ""
    if parts.count == 3 {
      guard let named = Source.tag(parts[1]) else { return nil }
      tag = named
    }
    self.init(uuid: uuid, tag: tag, number: number)
  }

  public var description: String { "\(source):\(number)" }
}
