// SPDX-License-Identifier: Apache-2.0

/// Which server it is, and how old.
public struct ServerVersion: Sendable, Equatable {
  public enum Flavor: String, Sendable {
    case mysql = "MySQL"
    case mariadb = "MariaDB"
  }

  public var flavor: Flavor
  /// 90704 for 9.7.4, 101119 for 10.11.19; zero if it is no version.
  public var number: Int
  /// The server's own words, without the 5.5.5 that MariaDB puts before them.
  public var text: String

  public init(flavor: Flavor, number: Int, text: String) {
    self.flavor = flavor
    self.number = number
    self.text = text
  }

  package init(_ said: String, capabilities: Capabilities) {
    // MariaDB 10 and 11 call themselves 5.5.5-10.11.19-MariaDB, because old replicas refuse a version of two digits.
    let prefix = "5.5.5-"
    text = said.hasPrefix(prefix) ? String(said.dropFirst(prefix.count)) : said
    let isMariaDB = said.contains("MariaDB") || (!said.isEmpty && !capabilities.contains(.longPassword))
    flavor = isMariaDB ? .mariadb : .mysql
    number = Self.number(text)
  }

  private static func number(_ text: String) -> Int {
    let parts = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }.split(separator: ".").prefix(3)
      .map { Int($0) ?? 0 }
    // A peer's numbers, which are multiplied below: what is no part of a version must not overflow.
    guard parts.count == 3, parts[0] < 1000, parts[1] < 100, parts[2] < 100 else { return 0 }
    return parts[0] * 10_000 + parts[1] * 100 + parts[2]
  }
}
