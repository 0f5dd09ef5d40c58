// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon

@Suite struct OwnershipTests {
  @Test func refusalNamesThePrefixTheOwnerAndTheMend() {
    let claim = Ownership.Claim(key: [], prefix: RowsPrefix(name: "sync"), owner: "other")
    #expect(
      claim.refusal
        == #"The rows below /sync/ belong to the replication "other": set another etcd.path or sync.key, "#
        + "or name: other if this is the same replication")
  }

  @Test(arguments: [
    ("/sync/", "sync"), ("/a/b/", "a/b"), ("/a/b/t_", "a/b/t_*"), ("/", "*"), ("/a*", "a**"),
  ])
  func prefixesAsNames(_ prefix: String, _ name: String) {
    #expect(RowsPrefix(prefix).name == name)
    #expect(RowsPrefix(name: name) == RowsPrefix(prefix))
  }

  /// What ends like a name's mark means more than it is.
  @Test func neverLess() {
    for prefix in ["/a*/", "/*/"] {
      #expect(RowsPrefix(name: RowsPrefix(prefix).name).contains(RowsPrefix(prefix)))
    }
  }

  @Test func prefixesThatMeet() {
    func meet(_ a: String, _ b: String) -> Bool {
      #expect(RowsPrefix(a).meets(RowsPrefix(b)) == RowsPrefix(b).meets(RowsPrefix(a)))
      return RowsPrefix(a).meets(RowsPrefix(b))
    }
    #expect(meet("/sync/", "/sync/"))
    #expect(meet("/sync/", "/sync/a/"))
    #expect(meet("/sync/", "/sync/t_"))
    #expect(meet("/sync/t_", "/sync/t_a/"))
    #expect(meet("/", "/sync/"))
    #expect(!meet("/sync/", "/sync2/"))
    #expect(!meet("/sync/a/", "/sync/b/"))
    #expect(!meet("/sync/t_", "/sync/u_"))
  }
}
