// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing
import Wire

@Suite struct SubprocessTests {
  /// Runs a shell script to its end.
  private func shell(
    _ script: String, environment: [String: String] = [:], handed: [UInt8]? = nil, loop: PollLoop
  ) throws -> Subprocess {
    try Subprocess(
      "/bin/sh", arguments: ["-c", script], environment: environment, handed: handed, loop: loop)
  }

  private func text(_ child: Subprocess) -> String {
    let output = child.output
    return String(decoding: output.unread)
  }

  private func finish(_ child: Subprocess, _ loop: PollLoop) -> Subprocess.Status? {
    loop.pump(until: .after(.seconds(20))) { child.hasOutputEnded ? child.status : nil }
  }

  @Test func outputErrorsAndStatusArrive() throws {
    let loop = try PollLoop()
    let child = try shell("echo out; echo err >&2; exit 7", loop: loop)
    #expect(finish(child, loop) == .exited(7))
    #expect(text(child) == "out\n")
    #expect(child.errors == "err\n")
    let killed = try shell("kill -TERM $$", loop: loop)
    #expect(finish(killed, loop) == .killed(signal: SIGTERM))
  }

  @Test func programThatIsNotThereIsAnError() throws {
    let loop = try PollLoop()
    #expect(throws: SystemError.self) {
      _ = try Subprocess("/no/such/program", arguments: [], environment: [:], loop: loop)
    }
    #expect(Subprocess.find(["no-such-program-at-all", "sh"])?.hasSuffix("/sh") == true)
    #expect(Subprocess.find(["no-such-program-at-all"]) == nil)
  }

  /// What is handed over can be read, and nothing else of ours: no variable, no descriptor, no ignored signal.
  @Test func childGetsOnlyWhatIsNamed() throws {
    let loop = try PollLoop()
    let null = open("/dev/null", O_RDONLY)
    let unmarked = fcntl(null, F_DUPFD, 700)
    defer { for number in [null, unmarked] { close(number) } }
    #expect(unmarked >= 700 && fcntl(unmarked, F_GETFD) == 0)
    signal(SIGPIPE, SIG_IGN)
    let child = try shell(
      "cat \(Subprocess.handedPath); cat; env | grep -c .; ls /proc/self/fd | grep -c 7..; grep SigIgn /proc/self/status",
      environment: ["ONLY": "this"], handed: Array("secret\n".utf8), loop: loop)
    #expect(finish(child, loop) == .exited(0))
    let lines = text(child).split(separator: "\n").map(String.init)
    try #require(lines.count == 4, "\(lines) \(child.errors)")
    #expect(lines[0] == "secret")
    // ONLY, and what the shell adds: PWD, perhaps _ and OLDPWD.
    #expect((2...4).contains(Int(lines[1].trimmed) ?? 0))
    #expect(lines[2].trimmed == "0")
    // Bit 12 is SIGPIPE's.
    let ignored = try #require(UInt64(lines[3].split(separator: "\t").last ?? "", radix: 16))
    #expect(ignored & 0x1000 == 0)
  }

  /// A child that writes more than we want to hold waits.
  @Test func outputIsNotReadAheadOfItsConsumer() throws {
    let loop = try PollLoop()
    let child = try Subprocess(
      "/bin/sh", arguments: ["-c", "head -c 30000000 /dev/zero"], environment: [:], outputHighWater: 200_000, loop: loop
    )
    var most = 0
    var total = 0
    let status = loop.pump(until: .after(.seconds(30))) { () -> Subprocess.Status? in
      most = max(most, child.output.count)
      // Now and then.
      if child.output.count > 150_000 || child.hasOutputEnded {
        total += child.output.count
        child.output.consume(child.output.count)
      }
      return child.hasOutputEnded ? child.status : nil
    }
    #expect(status == .exited(0))
    #expect(total == 30_000_000)
    #expect(most <= 200_000 + 2 * 64 * 1024 + 128 * 1024)
  }

  @Test func readingCanBePaused() throws {
    let loop = try PollLoop()
    let child = try shell("head -c 3000000 /dev/zero", loop: loop)
    child.isReading = false
    _ = loop.pump(until: .after(.milliseconds(50))) { nil as Bool? }
    #expect(child.output.count == 0 && child.status == nil)
    child.isReading = true
    _ = loop.pump(until: .after(.seconds(10))) { child.output.count > 0 ? true : nil }
    #expect(child.output.count > 0)
  }

  @Test func onlyTheLastErrorsAreKept() throws {
    let loop = try PollLoop()
    let child = try shell("head -c 1000000 /dev/zero | tr '\\0' x >&2; echo last >&2", loop: loop)
    #expect(finish(child, loop) == .exited(0))
    #expect(child.errors.utf8.count == 4096 && child.errors.hasSuffix("xlast\n"))
  }

  /// Closed, or let go of: the child is ended and collected.
  @Test(arguments: [true, false])
  func closeEndsTheChild(_ byHand: Bool) throws {
    let loop = try PollLoop()
    func start() throws -> Int32? {
      let child = try shell("echo $$; exec sleep 600", loop: loop)
      _ = loop.pump(until: .after(.seconds(10))) { child.output.count > 1 ? true : nil }
      let pid = try #require(Int32(text(child).trimmed))
      #expect(kill(pid, 0) == 0)
      if byHand { child.close() }
      return pid
    }
    let pid = try #require(try start())
    let isGone = loop.pump(until: .after(.seconds(10))) { kill(pid, 0) != 0 ? true : nil }
    #expect(isGone == true)
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }.prefix { $0 != " " && $0 != "\n" }) }
}
