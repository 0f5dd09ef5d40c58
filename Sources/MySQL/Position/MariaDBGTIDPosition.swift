// SPDX-License-Identifier: Apache-2.0

/// Where a replica of MariaDB is (`gtid_slave_pos`, `@slave_connect_state`): for each domain the last transaction.
public struct MariaDBGTIDPosition: Hashable, Sendable, CustomStringConvertible {
  /// One for each domain, ascending by domain.
  public private(set) var gtids: [MariaDBGTID] = []

  public init() {}

  public var isEmpty: Bool { gtids.isEmpty }

  /// GTIDs with commas between, blanks allowed, at most one for each domain; empty text is the beginning of the log.
  /// Nil if it is none.
  public init?(_ text: some StringProtocol) {
    for part in text.split(separator: ",", omittingEmptySubsequences: true) {
      guard let gtid = MariaDBGTID(String(part.filter { !$0.isWhitespace })), self[gtid.domain] == nil else {
        return nil
      }
      update(gtid)
    }
  }

  private func index(of domain: UInt32) -> Int {
    // Domains are few.
    gtids.firstIndex { $0.domain >= domain } ?? gtids.count
  }

  /// The last transaction of `domain`.
  public subscript(domain: UInt32) -> MariaDBGTID? {
    let index = index(of: domain)
    return index < gtids.count && gtids[index].domain == domain ? gtids[index] : nil
  }

  /// `gtid` is now the last transaction of its domain, whatever was there before.
  public mutating func update(_ gtid: MariaDBGTID) {
    let index = index(of: gtid.domain)
    if index < gtids.count, gtids[index].domain == gtid.domain {
      gtids[index] = gtid
    } else {
      gtids.insert(gtid, at: index)
    }
  }

  /// Whether every domain of it is at the same or a later sequence number in `other`.
  public func isReached(by other: MariaDBGTIDPosition) -> Bool {
    gtids.allSatisfy { gtid in (other[gtid.domain]?.sequence ?? 0) >= gtid.sequence }
  }

  /// `0-1-100,3-1-5`.
  public var description: String {
    gtids.map(\.description).joined(separator: ",")
  }
}
