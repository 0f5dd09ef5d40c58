// SPDX-License-Identifier: Apache-2.0
import Support
import Wire

@testable import Etcd

/// A server on a real socket, in the client's own loop, that follows a script: `onTurn` is called again and again with
/// each connection and what it has said since.
final class ScriptedServer {
  final class Connection {
    let link: Link
    let side = ServerSide()
    /// How many connections came before.
    let number: Int
    /// Free for the script: how far it is.
    var step = 0

    init(_ link: Link, number: Int) {
      self.link = link
      self.number = number
    }

    /// Bytes that are no frame.
    func say(_ bytes: [UInt8]) { side.output.append(bytes) }
  }

  private let listener: Listener
  private let loop: PollLoop
  private var timer: TimerID?
  private(set) var connections: [Connection] = []

  init(loop: PollLoop, greets: Bool = true, onTurn: @escaping (Connection, [ServerSide.Heard]) -> Void) throws {
    self.loop = loop
    listener = try Listener(.tcp(host: "127.0.0.1", port: 0), loop: loop)
    timer = loop.addTimer(after: .milliseconds(1), every: .milliseconds(1)) { [weak self] in
      self?.turn(greets: greets, onTurn)
    }
  }

  deinit {
    if let timer { loop.cancel(timer) }
    for connection in connections { connection.link.close() }
    listener.close()
  }

  var endpoint: String { "127.0.0.1:\(listener.port)" }

  private func turn(greets: Bool, _ onTurn: (Connection, [ServerSide.Heard]) -> Void) {
    if let link = listener.accept() {
      let connection = Connection(link, number: connections.count)
      if greets { connection.side.settings() }
      connections.append(connection)
    }
    for connection in connections where connection.link.closure == nil {
      let input = connection.link.input
      let unread = input.unread.array
      connection.side.input.append(unread.span.bytes)
      input.consume(unread.count)
      try? connection.side.listen()
      onTurn(connection, connection.side.takeHeard())
      let link = connection.link
      connection.side.output.withBytes { link.output.writer.append($0) }
      connection.side.output.clear()
      link.flush()
    }
  }
}

extension [ServerSide.Heard] {
  /// Streams whose request has ended.
  var finishedStreams: [UInt32] {
    compactMap { if case .data(let stream, _, ends: true) = $0 { stream.rawValue } else { nil } }
  }

  func path(of stream: UInt32) -> String? {
    for case .headers(StreamID(stream), let fields, _) in self {
      return fields.first { $0.isNamed(":path") }?.valueText
    }
    return nil
  }
}
