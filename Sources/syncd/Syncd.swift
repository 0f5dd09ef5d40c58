// SPDX-License-Identifier: Apache-2.0

internal import Daemon

@main
struct Syncd {
  static func main() {
    CommandLineTool.main(
      run: { configuration, log in Commands.run(configuration, log) },
      check: { configuration, log, output in Commands.check(configuration, log, output: output) })
  }
}
