// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon

@Suite struct BackoffTests {
  @Test func doublesWithJitterUpToItsMost() {
    var backoff = Backoff(first: .seconds(1), most: .seconds(30))
    for most in [1, 2, 4, 8, 16, 30, 30, 30] {
      let pause = backoff.next()
      #expect(pause >= .milliseconds(most * 500) && pause <= .seconds(most))
    }
    for _ in 0..<100 { #expect(backoff.next() <= .seconds(30)) }
    backoff.reset()
    #expect(backoff.next() <= .seconds(1))
  }
}
