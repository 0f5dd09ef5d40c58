// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Keeps one lease alive over a stream. It sends when asked to (`renew`), never by itself, and never waits; a lost
/// connection's stream is replaced at the next renewal after the client has connected again.
public final class LeaseKeeper {
  public let lease: Int64
  /// The last answer's time to live; 0: the lease is gone; nil: no answer yet.
  public private(set) var timeToLiveSeconds: Int64?
  /// When the last answer came.
  public private(set) var answeredAt: Deadline?
  /// Until when the lease lives for sure: counted from the sending of the request that was answered last.
  public private(set) var livesUntil: Deadline?
  /// Why the last stream ended, for messages.
  public private(set) var lastError: EtcdError?
  private unowned let client: EtcdClient
  private var call: GRPCCall?
  private var connection: EtcdConnection?
  /// When the requests that are not answered yet were sent, oldest first.
  private var sent: [Deadline] = []

  /// A stream with more unanswered requests is not fed any further.
  private static let unansweredMax = 16

  init(lease: Int64, client: EtcdClient) {
    self.lease = lease
    self.client = client
  }

  deinit { call?.cancel() }

  /// The server has said that there is no such lease.
  public var isGone: Bool { timeToLiveSeconds == 0 }

  /// Sends one request to renew the lease; false when there is no connection to send it on.
  @discardableResult
  public func renew() -> Bool {
    client.advance()
    guard client.isConnected, let current = client.connection else { return false }
    if connection !== current || call == nil { open(on: current) }
    guard let call, sent.count < Self.unansweredMax else { return false }
    // A server that allows few streams at once must not have one of them taken for ever.
    let isBrief = current.http.peer.maxConcurrentStreams < 4
    var body = ByteWriter()
    LeaseKeepAliveRequest(id: lease).encode(to: &body)
    call.send(body.bytes, last: isBrief)
    sent.append(.now)
    current.flush()
    return true
  }

  /// Ends the stream. The lease lives on until its time is over.
  public func stop() {
    call?.cancel()
    call = nil
    sent.removeAll()
  }

  private func open(on current: EtcdConnection) {
    stop()
    connection = current
    call = current.call(LeaseKeepAliveRequest.path)
  }

  func advance() {
    guard let call, let connection else { return }
    do throws(WireError) {
      while let answer = try call.next({ bytes throws(WireError) in try LeaseKeepAliveResponse(from: bytes) }) {
        guard answer.id == lease, !sent.isEmpty else { continue }
        let from = sent.removeFirst()
        timeToLiveSeconds = max(0, answer.timeToLiveSeconds)
        answeredAt = .now
        livesUntil = answer.timeToLiveSeconds > 0 ? from.advanced(by: .seconds(answer.timeToLiveSeconds)) : nil
      }
    } catch {
      return end(.violation(endpoint: "\(connection.endpoint)", reason: "\(error)", sent: true))
    }
    guard let end = call.end else { return }
    switch end {
    case .status(let status):
      if status.code == .ok { return self.end(nil) }
      let failure = EtcdError.status(code: status.code, message: status.message)
      client.react(to: failure, on: connection)
      self.end(failure)
    case .refused, .lost:
      let reason = connection.failure ?? "the stream of the lease ended"
      self.end(.connection(endpoint: "\(connection.endpoint)", reason: reason, sent: true))
    case .violation(let reason):
      self.end(.violation(endpoint: "\(connection.endpoint)", reason: reason, sent: true))
    }
  }

  private func end(_ error: EtcdError?) {
    if let error { lastError = error }
    call = nil
    connection = nil
    sent.removeAll()
  }
}

extension EtcdClient {
  /// Begins to keep a lease: call `renew` on it about three times within its time to live.
  public func keepAlive(lease: Int64) -> LeaseKeeper {
    let keeper = LeaseKeeper(lease: lease, client: self)
    keepers.append(WeakReference(object: keeper))
    return keeper
  }
}
