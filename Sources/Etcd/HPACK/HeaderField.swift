// SPDX-License-Identifier: Apache-2.0

/// One header or trailer: octets on both sides, because HPACK promises no character set (RFC 7541, section 1.3).
public struct HeaderField: Equatable, Sendable, CustomStringConvertible {
  public var name: [UInt8]
  public var value: [UInt8]
  /// "Never indexed" (RFC 7541, section 6.2.3): for tokens and passwords, which no table may remember.
  public var isSensitive: Bool

  public init(name: [UInt8], value: [UInt8], isSensitive: Bool = false) {
    self.name = name
    self.value = value
    self.isSensitive = isSensitive
  }

  public init(_ name: String, _ value: String, isSensitive: Bool = false) {
    self.init(name: Array(name.utf8), value: Array(value.utf8), isSensitive: isSensitive)
  }

  public static func == (a: HeaderField, b: HeaderField) -> Bool {
    a.name == b.name && a.value == b.value
  }

  /// "The size of an entry is the sum of its name's length in octets, its value's length in octets, and 32."
  /// (RFC 7541, section 4.1)
  var tableSize: Int { name.count + value.count + 32 }

  package func isNamed(_ text: String) -> Bool { name.elementsEqual(text.utf8) }

  /// Octets that are not UTF-8 become U+FFFD.
  package var valueText: String { String(decoding: value, as: UTF8.self) }

  /// For people and golden texts; a sensitive value is not shown.
  public var description: String {
    String(decoding: name, as: UTF8.self) + ": " + (isSensitive ? "(secret)" : valueText)
  }
}
