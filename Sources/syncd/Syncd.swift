// SPDX-License-Identifier: Apache-2.0

internal import Daemon

@main
struct Syncd {
  static func main() {
    CommandLineTool.main { configuration, logger in
      Daemon.run(configuration, logger)
    } check: { configuration, logger in
      Daemon.run(configuration, logger)
    }
  }
}
