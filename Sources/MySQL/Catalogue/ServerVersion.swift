// SPDX-License-Identifier: Apache-2.0

public enum ServerFlavor: String, Hashable, Sendable {
  case mysql = "MySQL"
  case mariaDB = "MariaDB"
}

/// Which server it is, in numbers that can be compared.
public struct ServerVersion: Hashable, Sendable, CustomStringConvertible {
  public var flavor: ServerFlavor
  /// 90704 for 9.7.4, 101106 for 10.11.6; zero if the text is no version.
  public var number: Int

  public init(_ flavor: ServerFlavor, _ number: Int) {
    self.flavor = flavor
    self.number = number
  }

  /// Reads `VERSION()` or the greeting's text: `9.7.4-2`, `10.11.6-MariaDB-log`, `5.5.5-10.5.23-MariaDB`.
  public init(_ text: String) {
    flavor = text.contains("MariaDB") ? .mariaDB : .mysql
    var text = text[...]
    // MariaDB up to 10.x greets so, for clients that take "10" for "1".
    if text.hasPrefix("5.5.5-") { text = text.dropFirst(6) }
    let parts = text.prefix { $0.isNumber || $0 == "." }.split(separator: ".").prefix(3).map { Int($0) ?? 0 }
    guard parts.count >= 2, parts.allSatisfy({ (0..<100).contains($0) }) else {
      number = 0
      return
    }
    number = parts[0] * 10_000 + parts[1] * 100 + (parts.count > 2 ? parts[2] : 0)
  }

  public var description: String {
    "\(flavor.rawValue) \(number / 10_000).\(number / 100 % 100).\(number % 100)"
  }

  /// From the greeting, whose capabilities tell MariaDB where its text does not.
  package init(greeting text: String, capabilities: Capabilities) {
    self.init(text)
    if !text.isEmpty, !capabilities.contains(.longPassword) { flavor = .mariaDB }
  }

  /// The flavor, and at least this version.
  public func isAtLeast(_ flavor: ServerFlavor, _ number: Int) -> Bool {
    self.flavor == flavor && self.number >= number
  }
}
