// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Daemon

@Suite struct TableSelectionTests {
  private func selection(_ yaml: String) throws -> TableSelection {
    try load("database: {name: shop}\ntables: \(yaml)").tables.selection
  }

  @Test func everyTableUnlessSaidOtherwise() throws {
    #expect(try selection("{}").chooses(schema: "a", table: "b"))
    #expect(TableSelection().chooses(schema: "a.b", table: "c.d"))
  }

  @Test(arguments: [
    ("public.*", "public", "users", true), ("public.*", "private", "users", false),
    ("*.users", "a.b", "users", true), ("public.user?", "public", "users", true),
    ("public.user?", "public", "user", false), ("p*c.*_2?", "public", "log_26", true),
    ("public.*", "public", "a.b", true), ("public.a.b", "public", "a.b", true),
    ("public.users", "public", "Users", false), ("*a*a*a*.x", "aaa", "x", true), ("*a*a*a*.x", "aa", "x", false),
    ("*.ü?", "s", "üß", true), ("a.b", "a", "bc", false), ("/public\\.(a|b)/", "public", "a", true),
    ("/public\\.(a|b)/", "public", "ab", false), ("/a|b/", "a", "x", false), ("/p.*_[0-9]+/", "p", "x_12", true),
    ("/p.*_[0-9]+/", "p", "x_12_old", false),
  ])
  func patterns(_ pattern: String, _ schema: String, _ table: String, _ isChosen: Bool) throws {
    #expect(try selection("{include: ['\(pattern)']}").chooses(schema: schema, table: table) == isChosen)
    let excluding = try selection("{exclude: ['\(pattern)']}")
    #expect(excluding.chooses(schema: schema, table: table) == !isChosen)
  }

  @Test func aGlobTakesNoTimeToSpeakOf() {
    let glob = GlobPattern(String(repeating: "*a", count: 50))
    #expect(!glob.matches(String(repeating: "a", count: 49) + "b"))
  }

  @Test func aGroupCannotBeClosedFromWithin() {
    #expect(throws: RegularExpression.Malformed.self) { try RegularExpression("a)|(b") }
  }

  @Test func columnsAndKeys() throws {
    let selection = try selection(
      """
      {columns: {exclude: [public.users.password_hash, '*.*.secret*'], hash: ['/.*\\.email/']},
        keys: {"public.events": [tenant, id], "odd.na.me": [x]}}
      """)
    #expect(selection.leavesOut(schema: "public", table: "users", column: "password_hash"))
    #expect(selection.leavesOut(schema: "a", table: "b", column: "secret.key"))
    #expect(!selection.leavesOut(schema: "public", table: "users", column: "password"))
    #expect(selection.hashes(schema: "a", table: "b", column: "email"))
    #expect(!selection.hashes(schema: "a", table: "b", column: "email2"))
    #expect(selection.keys(schema: "public", table: "events") == ["tenant", "id"])
    #expect(selection.keys(schema: "odd", table: "na.me") == ["x"])
    #expect(selection.keys(schema: "public", table: "users") == nil)
  }
}
