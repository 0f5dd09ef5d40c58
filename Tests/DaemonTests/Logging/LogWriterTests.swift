// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import Testing

@testable import Daemon

@Suite struct LogWriterTests {
  /// A pipe, and what is in it.
  final class Pipe {
    let reader: Int32
    let writer: Int32

    init() {
      var ends: [Int32] = [-1, -1]
      #expect(pipe(&ends) == 0)
      (reader, writer) = (ends[0], ends[1])
      _ = fcntl(reader, F_SETFL, O_NONBLOCK)
    }

    func read() -> String {
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = Glibc.read(reader, &chunk, chunk.count)
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += chunk[..<count]
      }
    }

    deinit {
      close(reader)
      close(writer)
    }
  }

  private func logger(_ descriptor: Int32, level: LogLevel = .info, format: LogFormat = .text) -> Logger {
    let writer = LogWriter(descriptor: descriptor)
    return Logger(label: "test") { _ in LineLogHandler(level: level, format: format, writer: writer) }
  }

  /// A log line never stands behind a bar on the same line of the terminal.
  @Test func lineTakesTheBarAway() {
    let pipe = Pipe()
    let writer = LogWriter(descriptor: pipe.writer)
    writer.draw(bar: "[#.]")
    writer.write("stopping\n")
    writer.write("stopped\n")
    let erase = "\r\u{1B}[2K"
    #expect(pipe.read() == "\(erase)[#.]\(erase)stopping\nstopped\n")
  }

  @Test func levelAndMetadata() {
    let pipe = Pipe()
    var logger = logger(pipe.writer, level: .notice)
    logger[metadataKey: "peer"] = "etcd"
    logger.info("not written")
    logger.notice("written", metadata: ["table": "a"])
    logger.critical("an error", metadata: ["peer": "pg"])
    let lines = pipe.read().split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1)[1] }
    #expect(lines == ["level=notice message=written peer=etcd table=a", "level=error message=\"an error\" peer=pg"])
  }

  @Test func levelsBelongToTheLoggerNotToTheProcess() {
    let pipe = Pipe()
    let first = logger(pipe.writer)
    var second = first
    second.logLevel = .error
    second[metadataKey: "a"] = "b"
    #expect(first.logLevel == .info && first[metadataKey: "a"] == nil)
  }

  @Test func aClosedDescriptorAndAFullDiskAreNoErrors() {
    logger(-1).error("lost")
    let full = open("/dev/full", O_WRONLY)
    logger(full).error("lost")
    close(full)
  }

  @Test func aReaderThatIsGoneIsNoError() {
    StandardDescriptors.ignoreBrokenPipes()
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    close(ends[0])
    logger(ends[1]).error("lost")
    close(ends[1])
  }

  /// The reader sleeps: one line waits a second, the others do not wait, and the count of the lost comes once it wakes.
  @Test func aReaderThatDoesNotReadCostsLinesNotTime() {
    let pipe = Pipe()
    let logger = logger(pipe.writer)
    let line = Logger.Message(stringLiteral: String(repeating: "x", count: 1000))
    let clock = ContinuousClock()
    let spent = clock.measure {
      for _ in 0..<500 { logger.info(line) }
    }
    #expect(spent < .seconds(5))
    _ = pipe.read()
    logger.info("awake")
    let rest = pipe.read().split(separator: "\n").last ?? ""
    #expect(rest.contains("message=awake lines_lost="))
    #expect(rest.hasPrefix("time="))
  }
}
