// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing
import Wire

/// Both ends of a loopback connection in one loop.
struct LoopbackPair {
  let loop: PollLoop
  let client: Link
  let server: Link

  init() throws {
    loop = try PollLoop()
    let listener = try Listener(.tcp(host: "127.0.0.1", port: 0), loop: loop)
    client = try Link.connect(
      [.tcp(host: "127.0.0.1", port: listener.port)], loop: loop, deadline: .after(.seconds(5)))
    server = try #require(loop.pump(until: .after(.seconds(5))) { listener.accept() })
    listener.close()
  }

  /// Turns until it is true; false when that takes more than some seconds.
  func wait(_ condition: () -> Bool) -> Bool {
    loop.pump(until: .after(.seconds(10))) { condition() ? true : nil } ?? false
  }
}

/// What lies unread.
func text(_ buffer: ReceiveBuffer) -> String { String(decoding: buffer.unread) }

func bytes(_ buffer: ReceiveBuffer) -> [UInt8] { buffer.unread.array }

@Suite struct LinkTests {
  @Test func refusedConnectionNamesAddressAndReason() throws {
    let loop = try PollLoop()
    let error = #expect(throws: LinkError.self) {
      _ = try Link.connect([.tcp(host: "127.0.0.1", port: 1)], loop: loop, deadline: .after(.seconds(5)))
    }
    #expect(error?.description == "connect 127.0.0.1:1: Connection refused")
  }

  @Test func carriesBytesBothWays() throws {
    let pair = try LoopbackPair()
    pair.client.output.writer.append("question")
    #expect(pair.wait { pair.server.input.count == 8 })
    #expect(text(pair.server.input) == "question")
    pair.server.output.writer.append("answer")
    #expect(pair.wait { pair.client.input.count == 6 })
    #expect(text(pair.client.input) == "answer")
  }

  @Test func unixSocket() throws {
    let path = "/tmp/wire-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
    defer { unlink(path) }
    let loop = try PollLoop()
    let listener = try Listener(.unix(path: path), loop: loop)
    let client = try Link.connect([.unix(path: path)], loop: loop, deadline: .after(.seconds(5)))
    client.output.writer.append("hello")
    let server = try #require(loop.pump(until: .after(.seconds(5))) { listener.accept() })
    _ = loop.pump(until: .after(.seconds(5))) { server.input.count == 5 ? true : nil }
    #expect(text(server.input) == "hello")
    let missing = #expect(throws: LinkError.self) {
      _ = try Link.connect([.unix(path: path + ".no")], loop: loop, deadline: .after(.seconds(5)))
    }
    #expect(missing?.description == "connect \(path).no: No such file or directory")
    let long = #expect(throws: LinkError.self) {
      let path = "/" + String(repeating: "x", count: 107)
      _ = try Link.connect([.unix(path: path)], loop: loop, deadline: .after(.seconds(5)))
    }
    #expect(long?.description.contains("107 bytes") == true)
  }

  @Test func byteAtATime() throws {
    let pair = try LoopbackPair()
    let message = Array("one byte after another".utf8)
    var sent = 0
    pair.loop.addTimer(after: .zero, every: .milliseconds(1)) {
      guard sent < message.count else { return }
      pair.server.output.writer.append(message[sent])
      sent += 1
    }
    #expect(pair.wait { pair.client.input.count == message.count })
    #expect(text(pair.client.input) == "one byte after another")
  }

  // MARK: Backpressure

  @Test func highWaterStopsReading() throws {
    let pair = try LoopbackPair()
    pair.client.inputHighWater = 100_000
    let total = 32 << 20
    pair.server.output.writer.append([UInt8](repeating: 7, count: total))
    #expect(pair.wait { pair.client.input.count >= 100_000 })
    for _ in 0..<20 { try pair.loop.turn(until: .after(.milliseconds(1))) }
    // The last read may bring a buffer more than the mark.
    #expect(pair.client.input.count < 1 << 20)
    #expect(pair.server.output.count > 0)
    var consumed = 0
    #expect(
      pair.wait {
        consumed += pair.client.input.count
        pair.client.input.consume(pair.client.input.count)
        return consumed == total
      })
    #expect(pair.server.output.isEmpty)
  }

  /// What lies in the kernel beyond a turn's share is said, and once; nothing is said when all is here.
  @Test func saysThatATurnLeftOff() throws {
    let pair = try LoopbackPair()
    let total = 64 << 20
    pair.server.output.writer.append([UInt8](repeating: 7, count: total))
    var consumed = 0
    var isSaid = false
    var isSaidAgain = false
    let timer = pair.loop.addTimer(after: .zero, every: .milliseconds(1)) {}
    defer { pair.loop.cancel(timer) }
    #expect(
      pair.wait {
        // Now and then the kernel fills up meanwhile.
        pair.client.isReading = consumed < 8 << 20 || !pair.client.isReading
        consumed += pair.client.input.count
        pair.client.input.consume(pair.client.input.count)
        if pair.client.takeHasMore() {
          isSaid = true
          isSaidAgain = isSaidAgain || pair.client.takeHasMore()
        }
        return consumed == total
      })
    #expect(isSaid && !isSaidAgain)
    pair.server.output.writer.append([7])
    pair.client.isReading = true
    #expect(pair.wait { pair.client.input.count == 1 })
    #expect(!pair.client.takeHasMore())
  }

  @Test func wantedMessageIsReadAboveTheHighWater() throws {
    let pair = try LoopbackPair()
    pair.client.inputHighWater = 1_000
    let total = 3 << 20
    pair.server.output.writer.append([UInt8](repeating: 7, count: total))
    pair.client.input.wanted = total
    #expect(pair.wait { pair.client.input.count == total })
    pair.client.input.consume(1)
    #expect(pair.client.input.wanted == 0)
  }

  @Test func isReadingFalseLeavesBytesInTheKernel() throws {
    let pair = try LoopbackPair()
    pair.client.isReading = false
    pair.server.output.writer.append("later")
    pair.server.flush()
    // The peer's end raises POLLHUP unasked: the loop must not spin on it.
    pair.server.close()
    // Of this thread only: other tests run beside this one.
    func processorSeconds() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let before = processorSeconds()
    let start = Deadline.now
    try pair.loop.turn(until: .after(.milliseconds(200)))
    #expect(Deadline.now >= start.advanced(by: .milliseconds(200)))
    #expect(processorSeconds() - before < 0.05)
    #expect(pair.client.input.count == 0)
    pair.client.isReading = true
    #expect(pair.wait { pair.client.closure != nil })
    #expect(text(pair.client.input) == "later")
  }

  // MARK: The end

  @Test func endComesAfterTheLastBytes() throws {
    let pair = try LoopbackPair()
    pair.server.output.writer.append("last words")
    pair.server.close()
    // The turn that shows the bytes does not yet show the end.
    #expect(pair.wait { pair.client.input.count > 0 })
    #expect(pair.client.closure == nil)
    #expect(pair.wait { pair.client.closure != nil })
    #expect(pair.client.closure == .endOfStream)
    #expect(pair.client.closureError?.description == "\(pair.client.peer) closed the connection")
    #expect(text(pair.client.input) == "last words")
  }

  @Test func lastWordsAreReadThoughSendingFails() throws {
    let pair = try LoopbackPair()
    pair.client.isReading = false
    pair.server.output.writer.append("FATAL: go away")
    pair.server.close()
    // The first write meets a closed socket and brings a reset; a later one fails.
    for _ in 0..<50 where pair.client.closure == nil {
      pair.client.output.writer.append("more")
      try pair.loop.turn(until: .after(.milliseconds(2)))
    }
    #expect(pair.client.closureError?.description.hasPrefix("send to 127.0.0.1") == true)
    #expect(text(pair.client.input) == "FATAL: go away")
  }

  @Test func resetNamesThePeer() throws {
    let pair = try LoopbackPair()
    // Closing with unread input resets the connection.
    pair.client.output.writer.append("never read")
    pair.client.flush()
    pair.server.isReading = false
    pair.server.close()
    #expect(pair.wait { pair.client.closure != nil })
    let text = pair.client.closureError?.description
    #expect(text == "receive from \(pair.client.peer): Connection reset by peer")
  }

  @Test func closingTwiceIsHarmless() throws {
    let pair = try LoopbackPair()
    pair.client.close()
    pair.client.close()
    #expect(pair.client.closureError?.reason == .closedHere)
    #expect(pair.wait { pair.server.closure == .endOfStream })
    pair.server.close()
    #expect(pair.server.closure == .endOfStream)
  }

  @Test func sendBufferDoesNotGrowForEver() throws {
    let pair = try LoopbackPair()
    // Never quite drained: something is always added before the rest has gone.
    for _ in 0..<2_000 {
      pair.client.output.writer.append([UInt8](repeating: 1, count: 50_000))
      pair.client.output.sent(pair.client.output.count - 10)
    }
    #expect(pair.client.output.writer.count < 300_000)
  }
}
