// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon

@Suite struct OwnershipTests {
  @Test func refusalNamesThePrefixTheOwnerAndTheMend() {
    #expect(
      Ownership.sentence("sync", "other")
        == #"The rows below /sync/ belong to the replication "other": set another etcd.path, "#
        + "or name: other if this is the same replication")
  }
}
