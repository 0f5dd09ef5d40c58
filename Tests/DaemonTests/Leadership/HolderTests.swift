// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon

@Suite struct HolderTests {
  @Test func comesBack() {
    let holder = Holder(instance: "i", process: .current())
    #expect(Holder(decoding: holder.encoded()) == holder)
    #expect(Holder(decoding: Array("somebody else's".utf8)) == nil)
  }

  @Test func onlyAProcessOfThisMachineCanBeKnownToBeGone() {
    let here = ProcessIdentity.current()
    #expect(!here.isGone(seenFrom: here), "we are running")
    var earlier = here
    earlier.started -= 1
    #expect(earlier.isGone(seenFrom: here), "our number, but another process")
    var elsewhere = earlier
    elsewhere.boot = "another boot"
    #expect(!elsewhere.isGone(seenFrom: here))
    elsewhere = earlier
    elsewhere.namespace = "pid:[1]"
    #expect(!elsewhere.isGone(seenFrom: here), "a container's numbers are its own")
    elsewhere = earlier
    elsewhere.host = "another.example"
    #expect(!elsewhere.isGone(seenFrom: here))
  }
}
