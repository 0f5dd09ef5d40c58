// SPDX-License-Identifier: Apache-2.0
import MySQL
import Testing

@Suite struct ColumnTypeTests {
  @Test func namesAreTheServersNumbers() {
    #expect(ColumnType.json.rawValue == 245)
  }
}
