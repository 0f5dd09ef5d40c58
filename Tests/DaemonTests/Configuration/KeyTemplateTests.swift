// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Daemon

@Suite struct KeyTemplateTests {
  private func prefix(_ source: String, _ schema: String = "public", _ table: String = "users") throws -> String {
    String(decoding: try KeyTemplate(source).prefix(path: "sync", schema: schema, table: table), as: UTF8.self)
  }

  @Test func everyKeyBeginsWithOneSlash() throws {
    #expect(try prefix("{path}/{schema}/{table}/{key}") == "/sync/public/users/")
    #expect(try prefix("/{path}/{table}/{key}") == "/sync/users/")
    #expect(try prefix("//rows/{schema}.{table}/{key}") == "/rows/public.users/")
    #expect(try KeyTemplate("{path}/{schema}/{table}/{key}") == KeyTemplate.standard)
  }

  @Test func twoDifferentTablesNeverMeet() throws {
    #expect(try prefix("{path}/{schema}/{table}/{key}", "a/b", "100%") == "/sync/a%2Fb/100%25/")
    #expect(try prefix("{path}/{schema}/{table}/{key}", "\u{0}\u{1F}\u{7F}", "ü é") == "/sync/%00%1F%7F/ü é/")
  }

  @Test func root() throws {
    func root(_ source: String) throws -> String {
      String(decoding: try KeyTemplate(source).root(path: "a/b"), as: UTF8.self)
    }
    #expect(try root("{path}/{schema}/{table}/{key}") == "/a/b/")
    #expect(try root("{path}/t_{table}/{key}") == "/a/b/t_")
    #expect(try root("{schema}/{path}/{table}/{key}") == "/")
    #expect(try root("rows/{key}") == "/rows/")
  }

  @Test(arguments: [
    ("", "does not contain {key}"), ("{path}/{table}", "does not contain {key}"),
    ("{path}/{table}/{key}/x", "has more behind {key}, which must be the last part"),
    ("{path}/{table}/{key}{key}", "has more behind {key}, which must be the last part"),
    ("{path}/{table}{key}", "has no / before {key}: the keys of one table could begin like those of another"),
    ("{path}/{table}-{key}", "has no / before {key}: the keys of one table could begin like those of another"),
    ("{path}/{tabel}/{key}", "has {tabel}; a template knows {path}, {schema}, {table} and {key}"),
    ("{path}/{table}/{table}/{key}", "has {table} twice"), ("{path}//{table}/{key}", "has an empty part (//)"),
    ("{path}/{table", "has a { without its }"), ("{path}/}/{key}", "has a } without its {"),
    ("{path}/\u{7}/{key}", "has a control character"), ("{key}", "would make all of etcd the table's own"),
  ])
  func refuse(_ source: String, _ reason: String) {
    #expect(throws: KeyTemplate.Malformed(reason: reason)) { try KeyTemplate(source) }
  }

  @Test func tablesThatWouldShareAPrefix() throws {
    let tables = [(schema: "a", table: "x"), (schema: "b", table: "y"), (schema: "b", table: "x")]
    func conflict(_ source: String, state: String = "_sync") throws -> KeyTemplate.Conflict? {
      try KeyTemplate(source).conflict(among: tables, path: "sync", statePath: state)
    }
    #expect(try conflict("{path}/{schema}/{table}/{key}") == nil)
    #expect(try conflict("{path}/{table}/{key}") == .samePrefix(first: "a.x", second: "b.x", prefix: "/sync/x/"))
    #expect(try conflict("{path}/{key}") == .samePrefix(first: "a.x", second: "b.y", prefix: "/sync/"))
    #expect(
      try conflict("{path}/{schema}/{table}/{key}", state: "sync/b/y") == .state(table: "b.y", prefix: "/sync/b/y/"))
    #expect(
      try conflict("{path}/{schema}/{table}/{key}", state: "sync/b") == .state(table: "b.y", prefix: "/sync/b/y/"))
    #expect(
      try conflict("{path}/{table}/{key}")?.description == """
        sync.key gives a.x and b.x the same prefix /sync/x/; write: key: "{path}/{schema}/{table}/{key}", \
        or choose only one of them in tables
        """)
  }
}
