// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Testing
import Wire

@Suite struct PollLoopTests {
  @Test func turnEndsAtItsDeadline() throws {
    let loop = try PollLoop()
    let start = Deadline.now
    try loop.turn(until: .after(.milliseconds(30)))
    #expect(Deadline.now >= start.advanced(by: .milliseconds(30)))
    #expect(Deadline.now < start.advanced(by: .seconds(2)))
  }

  @Test func timersFireInOrderAndRepeat() throws {
    let loop = try PollLoop()
    var seen: [String] = []
    loop.addTimer(after: .milliseconds(30)) { seen.append("late") }
    loop.addTimer(after: .milliseconds(5)) { seen.append("early") }
    var ticks = 0
    loop.addTimer(after: .zero, every: .milliseconds(3)) { ticks += 1 }
    _ = loop.pump(until: .after(.milliseconds(60))) { nil as Bool? }
    #expect(seen == ["early", "late"])
    #expect((3...21).contains(ticks))
  }

  @Test func cancelledTimerDoesNotFire() throws {
    let loop = try PollLoop()
    var fired = false
    let timer = loop.addTimer(after: .milliseconds(5)) { fired = true }
    // Cancelled by another timer that is due in the same turn.
    loop.addTimer(after: .zero) {
      usleep(10_000)
      loop.cancel(timer)
    }
    _ = loop.pump(until: .after(.milliseconds(40))) { nil as Bool? }
    #expect(!fired)
  }

  @Test func timerThatPumpsIsNotEnteredAgain() throws {
    let loop = try PollLoop()
    var depth = 0
    var deepest = 0
    var others = 0
    loop.addTimer(after: .zero, every: .milliseconds(1)) {
      depth += 1
      deepest = max(deepest, depth)
      _ = loop.pump(until: .after(.milliseconds(10))) { nil as Bool? }
      depth -= 1
    }
    loop.addTimer(after: .zero, every: .milliseconds(1)) { others += 1 }
    _ = loop.pump(until: .after(.milliseconds(30))) { nil as Bool? }
    #expect(deepest == 1)
    #expect(others > 5)
  }

  @Test func missedRoundsAreNotMadeUpFor() throws {
    let loop = try PollLoop()
    var ticks = 0
    loop.addTimer(after: .milliseconds(20), every: .milliseconds(20)) { ticks += 1 }
    usleep(300_000)
    for _ in 0..<10 { try loop.turn(until: .now) }
    #expect((1...3).contains(ticks))
  }

  @Test func wakeFromAnotherThreadEndsTheWait() throws {
    let loop = try PollLoop()
    let waker = loop.waker
    var woken = 0
    loop.onWake = { woken += 1 }
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.02) { waker.wake() }
    let start = Deadline.now
    try loop.turn(until: .after(.seconds(20)))
    #expect(Deadline.now < start.advanced(by: .seconds(10)))
    #expect(woken == 1)
  }

  @Test func wakeBeforeTheWaitIsNotLost() throws {
    let loop = try PollLoop()
    for _ in 0..<100_000 { loop.wake() }
    let start = Deadline.now
    try loop.turn(until: .after(.seconds(20)))
    #expect(Deadline.now < start.advanced(by: .seconds(10)))
    // All of them are one.
    try loop.turn(until: .after(.milliseconds(20)))
    #expect(Deadline.now >= start.advanced(by: .milliseconds(20)))
  }

  @Test func wakerOutlivesItsLoop() throws {
    var loop: PollLoop? = try PollLoop()
    let waker = try #require(loop?.waker)
    loop = nil
    waker.wake()
  }

  @Test func signalsComeThroughTheLoop() throws {
    let loop = try PollLoop()
    try loop.deliverSignals([.hangUp])
    #expect(loop.pendingSignal == nil)
    raise(SIGHUP)
    raise(SIGHUP)
    try loop.turn(until: .after(.seconds(10)))
    #expect(loop.pendingSignal == .hangUp)
    #expect(loop.takeSignal() == .hangUp)
    #expect(loop.takeSignal() == .hangUp)
    #expect(loop.takeSignal() == nil)
  }

  @Test func pumpAnswersWhatReadyAnswers() throws {
    let loop = try PollLoop()
    var asked = 0
    loop.addTimer(after: .milliseconds(1), every: .milliseconds(1)) {}
    let answer = loop.pump(until: .after(.seconds(10))) {
      asked += 1
      return asked == 4 ? "done" : nil
    }
    #expect(answer == "done")
    #expect(loop.pump(until: .now) { nil as Bool? } == nil)
  }
}
