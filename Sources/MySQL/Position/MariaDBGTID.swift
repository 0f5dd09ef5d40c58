// SPDX-License-Identifier: Apache-2.0

/// MariaDB's name of a transaction: `domain-server-sequence`.
public struct MariaDBGTID: Hashable, Sendable, CustomStringConvertible {
  public var domain: UInt32
  public var server: UInt32
  public var sequence: UInt64

  public init(domain: UInt32, server: UInt32, sequence: UInt64) {
    self.domain = domain
    self.server = server
    self.sequence = sequence
  }

  /// Three decimal numbers with hyphens between; nil if it is none.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let domain = UInt32(parts[0]), let server = UInt32(parts[1]), let sequence = UInt64(parts[2])
    else { return nil }
    self.init(domain: domain, server: server, sequence: sequence)
  }

  public var description: String { "\(domain)-\(server)-\(sequence)" }
}
