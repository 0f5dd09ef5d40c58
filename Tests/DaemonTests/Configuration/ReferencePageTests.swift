// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Daemon

/// `docs/CONFIGURATION.md` says what `Settings` knows: the table in it is made from there.
///
/// With `SYNC_WRITE_GOLDENS=1` in the environment the page is written anew.
@Suite struct ReferencePageTests {
  private static let page = "docs/CONFIGURATION.md"
  private static let mark = "<!-- from here on made by ReferencePageTests -->\n"

  @Test func thePageIsUpToDate() throws {
    let text = try ProjectFile.text(ReferencePageTests.page)
    let mark = ReferencePageTests.mark
    let head = text.split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false)[0]
    let expected = head + mark + table
    if ProcessEnvironment.read()["SYNC_WRITE_GOLDENS"] == "1" {
      let descriptor = open(ProjectFile.path(ReferencePageTests.page), O_WRONLY | O_TRUNC)
      LogWriter(descriptor: descriptor).write(String(expected))
      close(descriptor)
    } else {
      #expect(text == expected)
    }
  }

  private var table: String {
    var lines = ["", "| key | takes | default | meaning |", "|---|---|---|---|"]
    for setting in Settings.all {
      let defaultText = setting.path == "database.name" ? "must be given" : "`\(setting.defaultText)`"
      let cells = ["`\(setting.path)`", setting.expects, defaultText, setting.summary]
      lines.append("| \(cells.joined(separator: " | ")) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
