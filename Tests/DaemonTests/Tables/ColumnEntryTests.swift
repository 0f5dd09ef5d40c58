// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon
@testable import Postgres

@Suite struct ColumnEntryTests {
  private let column = TableDescription.Column(
    number: 3, name: "we\"ird / näme", type: 40000, typeModifier: -1, isNotNull: true, generated: .no,
    isIdentity: false, version: 745,
    contents: [
      TypeContents(type: 40000, isEnumeration: false, members: ["1 23 a", "2 41000 b"]),
      TypeContents(type: 41000, isEnumeration: true, members: ["41001 x", "41003 y, z"]),
    ])

  private func isOther(isMoved: Bool = false, _ change: (inout TableDescription.Column) -> Void) -> Bool {
    var changed = column
    change(&changed)
    return ColumnEntry(column).isOther(changed, isMoved: isMoved)
  }

  @Test func comesBack() {
    for contents in [column.contents, []] {
      var column = column
      column.contents = contents
      #expect(ColumnEntry(ColumnEntry(column).text) == ColumnEntry(column))
    }
    #expect(ColumnEntry("1 2 3 4") == nil)
    #expect(ColumnEntry("one 2 3  n") == nil)
  }

  @Test func sameValues() {
    #expect(!isOther(isMoved: true) { _ in })
    // A default, a right.
    #expect(!isOther { $0.version = 746 })
    // One label more, and of another enum that had none.
    #expect(
      !isOther {
        $0.contents[1].members.append("41005 w")
        $0.contents.append(TypeContents(type: 42000, isEnumeration: true, members: ["42001 v"]))
      })
  }

  @Test func otherValues() {
    #expect(isOther { $0.number = 4 })
    #expect(isOther { $0.type = 40001 })
    #expect(isOther(isMoved: true) { $0.version = 746 })
    #expect(isOther { $0.contents[1].members[0] = "41001 q" })
    #expect(isOther { $0.contents[1].members.removeLast() })
    #expect(isOther { $0.contents[0].members.append("3 23 c") })
    #expect(isOther { $0.contents[0].members[1] = "2 41000 c" })
    #expect(isOther { $0.contents.remove(at: 0) })
    #expect(isOther { $0.contents.append(TypeContents(type: 43000, isEnumeration: false, members: ["1 23 a"])) })
  }

  @Test func textStaysTextWithoutARewrite() {
    var text = column
    text.type = 25
    var varchar = column
    varchar.type = 1043
    #expect(!ColumnEntry(varchar).isOther(text, isMoved: true))
    text.version = 746
    #expect(!ColumnEntry(varchar).isOther(text, isMoved: false))
    #expect(ColumnEntry(varchar).isOther(text, isMoved: true))
  }
}

@Suite struct PartitionTextTests {
  @Test func statesOfAnEarlierVersionSayNothingOfEntries() throws {
    var table = describedTable()
    table.partitions = ["16400/16403/745.744", "16401/16404/746"].compactMap { TableDescription.Partition($0) }
    #expect(table.partitions.map(\.text) == ["16400/16403/745.744", "16401/16404/746"])
    #expect(table.partitionsKnown(by: ["16400/16403", "16401/16404"]) == table.partitions)
    #expect(table.partitionsKnown(by: ["16400/16403/1.2", "16401/16404"]).map(\.text)[0] == "16400/16403/1.2")
    #expect(table.partitionsKnown(by: ["16409/16403", "x", "1/2/3/4"]).map(\.text) == ["16409/16403"])
  }
}
