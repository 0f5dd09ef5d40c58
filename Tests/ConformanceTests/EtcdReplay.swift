// SPDX-License-Identifier: Apache-2.0
import Etcd
import Support
import Wire

/// A recorded conversation played again with our client's machine in the recorded client's place: what the recorded
/// client asked, ours asks at the same point; what the server said then is fed to it as recorded.
final class EtcdReplay {
  struct Answer: Equatable {
    var messages: [[UInt8]] = []
    var end: GRPCCall.End?
  }

  let client = HTTP2Connection(input: ReceiveBuffer(), output: SendBuffer())
  private var calls: [StreamID: GRPCCall] = [:]
  private(set) var answers: [StreamID: Answer] = [:]
  /// What ours has said so far.
  private(set) var said: [UInt8] = []
  private(set) var failure: HTTP2Error?

  /// Plays it until `serverBytes` bytes of the server have been heard.
  init(_ connection: CapturedConnection, feed: DripFeed, serverBytes: Int = .max) throws {
    var left = serverBytes
    let actions = try Self.actions(of: connection)
    for (chunk, asked) in zip(connection.chunks, actions) {
      if chunk.direction == .fromClient {
        for action in asked { perform(action) }
        collect()
      } else {
        let heard = Array(chunk.bytes.prefix(left))
        left -= heard.count
        feed.feed(heard, into: client.input) { step() }
        if left == 0 { break }
      }
    }
    step()
  }

  /// The recorded client's requests and cancellations, by chunk.
  private static func actions(of connection: CapturedConnection) throws -> [[EtcdConversation.Event]] {
    var actions = [[EtcdConversation.Event]](repeating: [], count: connection.chunks.count)
    for spoken in try EtcdConversation(connection, feed: .whole).spoken where spoken.direction == .fromClient {
      actions[spoken.chunk].append(spoken.event)
    }
    return actions
  }

  private func perform(_ action: EtcdConversation.Event) {
    switch action {
    case .preface, .frame: break
    case .headers(let stream, let fields, _):
      func value(_ name: String) -> String { fields.first { $0.isNamed(name) }?.valueText ?? "" }
      calls[stream] = GRPCCall(
        on: client, path: value(":path"), scheme: "http", authority: value(":authority"), messageBytesMax: 1 << 20)
      answers[stream] = Answer()
    case .message(let stream, let path, let bytes):
      let isStream = path.hasSuffix("/Watch") || path.hasSuffix("KeepAlive")
      calls[stream]?.send(bytes.span.bytes, last: !isStream)
    }
  }

  private func step() {
    do throws(HTTP2Error) { try client.process() } catch { failure = error }
    collect()
  }

  private func collect() {
    for (stream, call) in calls {
      while let message = try? call.next({ $0.array }) { answers[stream]?.messages.append(message) }
      answers[stream]?.end = call.end
    }
    client.output.withUnsent { said += $0.array }
    client.output.sent(client.output.count)
  }

  /// The transport is gone.
  func reset() {
    client.transportClosed()
    collect()
  }

  /// Bytes that are no frames follow.
  func hear(_ bytes: [UInt8]) {
    client.input.append(bytes.span.bytes)
    step()
  }
}
