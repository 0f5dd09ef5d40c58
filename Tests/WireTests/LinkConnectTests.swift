// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

@testable import Wire

/// A port on which nobody listens and whose packets vanish: its queue of waiting connections is full.
private final class DeafPort {
  private let number: Int32
  private var fillers: [Int32] = []
  let port: UInt16

  init() {
    number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listening = number
    port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(listening, $0, length)
        _ = listen(listening, 0)
        _ = getsockname(listening, $0, &length)
      }
      return UInt16(bigEndian: pointer.pointee.sin_port)
    }
    for _ in 0..<4 {
      let filler = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
      withUnsafePointer(to: &address) { pointer in
        _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(filler, $0, length) }
      }
      fillers.append(filler)
    }
    usleep(50_000)
  }

  deinit {
    for filler in fillers { close(filler) }
    close(number)
  }
}

@Suite struct LinkConnectTests {
  private func listener(_ loop: PollLoop) throws -> Listener {
    try Listener(.tcp(host: "127.0.0.1", port: 0), loop: loop)
  }

  private func resolver(_ addresses: [(String, UInt16)]) -> Resolver {
    let list = addresses.flatMap { Resolver.numeric($0.0, $0.1) ?? [] }
    return Resolver { _, _ in .addresses(list) }
  }

  @Test func S43_refusingAddressIsPassedOver() throws {
    let loop = try PollLoop()
    let listener = try listener(loop)
    let link = try Link.connect(
      [.tcp(host: "db.example", port: 5432)], loop: loop, deadline: .after(.seconds(5)),
      resolver: resolver([("127.0.0.1", 1), ("127.0.0.1", listener.port)]))
    #expect(link.peer == "db.example:5432 (127.0.0.1)")
  }

  @Test func S43_deadAddressGetsItsShareOnly() throws {
    let deaf = DeafPort()
    let loop = try PollLoop()
    let listener = try listener(loop)
    let start = Deadline.now
    let link = try Link.connect(
      [.tcp(host: "db.example", port: 5432)], loop: loop, deadline: .after(.seconds(2)),
      resolver: resolver([("127.0.0.1", deaf.port), ("127.0.0.1", listener.port)]))
    #expect(link.closure == nil)
    // Half of the time for the first; that the second answered shows that the other half was left.
    #expect(Deadline.now >= start.advanced(by: .milliseconds(900)))
  }

  @Test func deadlineHoldsAndEveryAddressIsNamed() throws {
    let deaf = DeafPort()
    let loop = try PollLoop()
    let start = Deadline.now
    let error = #expect(throws: LinkError.self) {
      _ = try Link.connect(
        [.tcp(host: "db.example", port: 5432)], loop: loop, deadline: .after(.milliseconds(300)),
        resolver: resolver([("127.0.0.1", 1), ("127.0.0.1", deaf.port)]))
    }
    #expect(Deadline.now < start.advanced(by: .milliseconds(1_500)))
    #expect(
      error?.description
        == "connect db.example:5432 (127.0.0.1): Connection refused; "
        + "connect db.example:5432 (127.0.0.1): no answer in time")
  }

  @Test func endpointsAreTriedInOrder() throws {
    let loop = try PollLoop()
    let listener = try listener(loop)
    let link = try Link.connect(
      [.unix(path: "/nowhere.sock"), .tcp(host: "127.0.0.1", port: 1), .tcp(host: "127.0.0.1", port: listener.port)],
      loop: loop, deadline: .after(.seconds(5)))
    #expect(link.peer == "127.0.0.1:\(listener.port)")
  }

  @Test func slowResolverKeepsTheDeadline() throws {
    let loop = try PollLoop()
    let slow = Resolver { _, _ in
      usleep(1_000_000)
      return .addresses([])
    }
    let start = Deadline.now
    let error = #expect(throws: LinkError.self) {
      _ = try Link.connect(
        [.tcp(host: "db.example", port: 5432)], loop: loop, deadline: .after(.milliseconds(100)), resolver: slow)
    }
    #expect(error?.description == "resolve db.example:5432: no answer in time")
    #expect(Deadline.now < start.advanced(by: .milliseconds(800)))
  }

  @Test func timersFireWhileAResolverBlocks() throws {
    let loop = try PollLoop()
    let slow = Resolver { _, _ in
      usleep(200_000)
      return .failed("no such name")
    }
    var ticks = 0
    loop.addTimer(after: .zero, every: .milliseconds(10)) { ticks += 1 }
    let error = #expect(throws: LinkError.self) {
      _ = try Link.connect(
        [.tcp(host: "db.example", port: 5432)], loop: loop, deadline: .after(.seconds(5)), resolver: slow)
    }
    #expect(error?.description == "resolve db.example:5432: no such name")
    #expect(ticks > 5)
  }

  @Test func hostsFileIsAsked() throws {
    let loop = try PollLoop()
    let listener = try listener(loop)
    let link = try Link.connect(
      [.tcp(host: "localhost", port: listener.port)], loop: loop, deadline: .after(.seconds(5)))
    #expect(link.peer == "localhost:\(listener.port) (127.0.0.1)")
  }
}
