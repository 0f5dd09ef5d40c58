// SPDX-License-Identifier: Apache-2.0

internal import Daemon

@main
struct Syncd {
  static func main() {
    CommandLineTool.main { configuration, logger in
      Conclusion(.defect, "This build of syncd has no pipeline yet: only its command line and configuration work.")
    } check: { configuration, logger in
      Conclusion(.defect, "This build of syncd has no checks yet: only its command line and configuration work.")
    }
  }
}
