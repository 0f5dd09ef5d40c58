// SPDX-License-Identifier: Apache-2.0

internal import Daemon

@main
struct Syncd {
  static func main() {
    CommandLineTool.main(
      run: { configuration, log in Daemon.run(configuration, log) },
      check: { configuration, log, output in Daemon.check(configuration, log, print: output) })
  }
}
