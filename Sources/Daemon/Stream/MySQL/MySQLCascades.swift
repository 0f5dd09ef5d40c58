// SPDX-License-Identifier: Apache-2.0
internal import MySQL

/// Which tables' rows follow those of others by foreign keys, where the log does not have what the engine changes.
struct MySQLCascades {
  /// What happens to a parent's rows.
  struct Change: OptionSet {
    var rawValue: UInt8
    static let delete = Change(rawValue: 1)
    static let update = Change(rawValue: 2)
  }

  /// Which changes of a table's rows others follow.
  struct Followed {
    var changes: Change
    /// Places of the columns that foreign keys refer to; nil where they are not known: it may be any.
    var columns: [Int]?
  }

  private struct Edge: Hashable {
    var child: TableReference
    var follows: Change.RawValue
  }

  /// By parent: chosen tables, and those through which rows of chosen tables follow.
  private var children: [TableReference: Set<Edge>] = [:]

  init() {}

  init(_ tables: [TableDescription], isChosen: (TableReference) -> Bool) {
    var parents: [TableReference: [TableReference]] = [:]
    for table in tables {
      let child = TableReference(table.name)
      for key in table.foreignKeys where key.changesRows {
        let parent = TableReference(key.parent)
        var follows: Change = []
        if key.followsDeletes { follows.insert(.delete) }
        if key.followsUpdates { follows.insert(.update) }
        children[parent, default: []].insert(Edge(child: child, follows: follows.rawValue))
        parents[child, default: []].append(parent)
      }
    }
    var followed: Set<TableReference> = []
    var waiting = parents.keys.filter(isChosen)
    while let child = waiting.popLast() {
      for parent in parents[child] ?? [] where followed.insert(parent).inserted { waiting.append(parent) }
    }
    children = children.filter { followed.contains($0.key) }
  }

  var isEmpty: Bool { children.isEmpty }

  /// The tables that take part.
  var tables: Set<TableReference> { Set(children.keys).union(children.values.joined().map(\.child)) }

  /// Which changes of this table's rows others follow.
  func changesFollowed(of parent: TableReference) -> Change {
    (children[parent] ?? []).reduce(into: []) { $0.formUnion(Change(rawValue: $1.follows)) }
  }

  /// Tables whose rows follow these changes, through other tables too. The changed one can be among them: a row may
  /// refer to one of its own table, and tables to each other.
  func followers(of changes: [TableReference: Change]) -> Set<TableReference> {
    var found: Set<TableReference> = []
    for (parent, change) in changes {
      for edge in children[parent] ?? [] where !change.isDisjoint(with: Change(rawValue: edge.follows)) {
        found.insert(edge.child)
      }
    }
    var waiting = Array(found)
    while let parent = waiting.popLast() {
      for edge in children[parent] ?? [] where found.insert(edge.child).inserted { waiting.append(edge.child) }
    }
    return found
  }
}
