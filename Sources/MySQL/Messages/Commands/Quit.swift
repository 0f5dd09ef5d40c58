// SPDX-License-Identifier: Apache-2.0

extension Command {
  /// COM_QUIT: the server closes the connection.
  package struct Quit: BareCommand {
    package static let name: StaticString = "COM_QUIT"
    package static let code: UInt8 = 0x01
    package init() {}
  }
}
