// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing
import Wire

@Suite struct LinkTests {
  @Test func refusedConnectionNamesAddressAndReason() throws {
    let loop = try PollLoop()
    let error = #expect(throws: LinkError.self) {
      _ = try Link.connect([.tcp(host: "127.0.0.1", port: 1)], loop: loop, deadline: .after(.seconds(5)))
    }
    #expect(error?.description == "connect 127.0.0.1:1: Connection refused")
  }
}
