// SPDX-License-Identifier: Apache-2.0

extension Command {
  /// COM_PING: the server answers OK.
  package struct Ping: BareCommand {
    package static let name: StaticString = "COM_PING"
    package static let code: UInt8 = 0x0E
    package init() {}
  }
}
