// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon

@Suite struct FindingTests {
  @Test func isOneLineWithWhatToType() {
    #expect("\(Finding.ok("wal_level is logical"))" == "ok       wal_level is logical")
    #expect(
      "\(Finding.problem("wal_level is replica", "ALTER SYSTEM SET wal_level = 'logical';"))"
        == "problem  wal_level is replica; type: ALTER SYSTEM SET wal_level = 'logical';")
    #expect("\(Finding.warning("no table is chosen"))" == "warning  no table is chosen")
  }
}
