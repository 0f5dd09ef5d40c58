// SPDX-License-Identifier: Apache-2.0
internal import Postgres
internal import Wire

/// What the catalogue says of a column beyond its name, as far as its rows in etcd depend on it: kept in the table's
/// state, since the log says nothing when it changes.
struct ColumnEntry: Equatable {
  var name: String
  var type: UInt32
  /// `attnum`: another one if the column was dropped and one of the same name and type added.
  var number: Int16
  /// Together with another file of the table, a change of it tells a rewrite of the column's values: ALTER COLUMN TYPE,
  /// SET EXPRESSION. By itself it changes with defaults, statistics and rights too.
  var version: UInt32
  /// The types that its own is made of, each as `oid`, `e` or `c`, number of members, `:`, digest of them.
  var types: [String]

  init(_ column: TableDescription.Column) {
    name = column.name
    type = column.type
    number = column.number
    version = column.version
    types = column.contents.map { $0.text(of: $0.members.count) }
  }

  /// `text`'s inverse.
  init?(_ text: String) {
    let parts = text.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, let number = Int16(parts[0]), let version = UInt32(parts[1]), let type = UInt32(parts[2])
    else { return nil }
    self.number = number
    self.version = version
    self.type = type
    types = parts[3].split(separator: ",").map(String.init)
    name = String(parts[4])
  }

  /// One line, for the state in etcd; the name last, since it may have spaces.
  var text: String { "\(number) \(version) \(type) \(types.joined(separator: ",")) \(name)" }

  /// Whether a value reads otherwise in `column`, which has the same name, than it did here.
  func isOther(_ column: TableDescription.Column, isMoved: Bool) -> Bool {
    if number != column.number || (isMoved && version != column.version) { return true }
    let isText = Self.texts.contains(type) && Self.texts.contains(column.type)
    return (type != column.type && !isText) || hasOtherTypes(column.contents)
  }

  /// text and varchar: without a rewrite the values stay as they were.
  private static let texts: Set<UInt32> = [25, 1043]

  /// Another label, not one more; or any change of attributes.
  private func hasOtherTypes(_ contents: [TypeContents]) -> Bool {
    var left = Set(types)
    for type in contents {
      let prefix = "\(type.type)\(type.isEnumeration ? "e" : "c")"
      guard let known = left.first(where: { $0.hasPrefix(prefix) }) else {
        // An enum without labels is not among them.
        if type.isEnumeration { continue }
        return true
      }
      left.remove(known)
      let count = Int(known.dropFirst(prefix.utf8.count).prefix { $0 != ":" }) ?? 0
      guard count == type.members.count || (type.isEnumeration && count < type.members.count),
        known == type.text(of: count)
      else { return true }
    }
    return !left.isEmpty
  }
}

extension TypeContents {
  /// With its first members only, as they were known once.
  fileprivate func text(of count: Int) -> String {
    let all = members.prefix(count).map { "\($0.utf8.count) \($0)" }.joined()
    let digest = Digest.sha256.hash(Array(all.utf8)).prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return "\(type)\(isEnumeration ? "e" : "c")\(count):\(String(digest, radix: 16))"
  }
}

extension ChosenTable {
  var entries: [ColumnEntry] { columns.map { ColumnEntry($0) } }

  /// The names of columns whose values may read otherwise now than they did by these entries.
  /// - Parameter file: the table's of that time.
  func columnsReadOtherwise(than entries: [ColumnEntry], file: UInt32) -> Set<String> {
    let isMoved = file != description.file
    let known = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return Set(columns.filter { known[$0.name]?.isOther($0, isMoved: isMoved) == true }.map(\.name))
  }

  /// Whether rows may be under other keys now.
  func hasOtherKeys(than entries: [ColumnEntry], file: UInt32) -> Bool {
    !columnsReadOtherwise(than: entries, file: file).isDisjoint(with: key)
  }
}
