// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// What a watch has to tell.
public enum WatchNotice: Equatable, Sendable {
  /// All changes of one answer, in the order of their revisions; the last revision is complete.
  case events([WatchEvent], revision: Int64)
  /// Nothing has happened up to this revision.
  case progress(revision: Int64)
  /// What was to be told next is forgotten: read everything anew, and watch from there. The watch has ended.
  case compacted(revision: Int64)
  /// The watch has ended, by the server's will; its words.
  case ended(EtcdError)
}

/// A watch, asked for its news by polling. It goes on by itself after a lost connection, once the client has connected
/// again, from the revision after the last one told.
public final class Watcher {
  private unowned let client: EtcdClient
  private var create: WatchCreate
  private var call: GRPCCall?
  private var connection: EtcdConnection?
  private var notices: [WatchNotice] = []
  /// Events of a revision whose last piece has not come.
  private var fragments: [WatchEvent] = []
  private var isEnded = false
  /// Set once the server has accepted the watch, on the present connection.
  public private(set) var isEstablished = false

  /// With more notices untaken the stream is not read, so that the server's window closes.
  private static let noticesMax = 64

  init(_ create: WatchCreate, client: EtcdClient) {
    self.create = create
    self.create.fragment = true
    self.client = client
  }

  deinit { call?.cancel() }

  /// The next notice, or nil when there is none now.
  public func next() -> WatchNotice? {
    client.advance()
    return notices.isEmpty ? nil : notices.removeFirst()
  }

  /// Asks the server to say up to which revision everything has been told.
  public func requestProgress() {
    if isEstablished { send(.progress) }
  }

  public func stop() {
    isEnded = true
    call?.cancel()
    call = nil
    isEstablished = false
  }

  private func send(_ request: WatchRequest) {
    var body = ByteWriter()
    request.encode(to: &body)
    call?.send(body.bytes, last: false)
    connection?.flush()
  }

  func advance() {
    guard !isEnded else { return }
    // The client has gone on to another connection: the stream on the old one is nobody's business any more.
    if let current = client.connection, let connection, connection !== current {
      call?.cancel()
      reset()
    }
    guard let call, let connection else {
      if client.isConnected, let current = client.connection { open(on: current) }
      return
    }
    do throws(WireError) {
      while notices.count < Self.noticesMax, !isEnded,
        let answer = try call.next({ bytes throws(WireError) in try WatchResponse(from: bytes) })
      {
        try take(answer)
      }
    } catch {
      return finish(.violation(endpoint: "\(connection.endpoint)", reason: "\(error)", sent: true))
    }
    guard !isEnded, notices.count < Self.noticesMax, let end = call.end else { return }
    switch end {
    case .status(let status):
      let failure = EtcdError.status(code: status.code, message: status.message)
      client.react(to: failure, on: connection)
      if status.code == .ok || failure.isTransient || failure.needsAuthentication { reset() } else { finish(failure) }
    case .refused, .lost: reset()
    case .violation(let reason):
      finish(.violation(endpoint: "\(connection.endpoint)", reason: reason, sent: true))
    }
  }

  private func open(on current: EtcdConnection) {
    connection = current
    call = current.call(WatchRequest.path)
    send(.create(create))
  }

  /// The revision to go on from. One that no store can have counted to is a broken rule, and must not trap.
  private static func next(after revision: Int64) throws(WireError) -> Int64 {
    guard (0..<Int64.max).contains(revision) else {
      throw WireError(.badValue("impossible revision"), offset: 0, context: "WatchResponse")
    }
    return revision + 1
  }

  private func take(_ answer: WatchResponse) throws(WireError) {
    if answer.compactRevision != 0 {
      notices.append(.compacted(revision: answer.compactRevision))
      return stop()
    }
    if answer.isCanceled {
      let denied = answer.cancelReason.contains("permission denied") || answer.watchID == -1
      return finish(.status(code: denied ? .permissionDenied : .cancelled, message: answer.cancelReason))
    }
    if answer.isCreated {
      isEstablished = true
      // "From now on" becomes a revision, so that nothing is missed when the connection is lost before the first event.
      if create.startRevision == 0 { create.startRevision = try Self.next(after: answer.header.revision) }
      return
    }
    fragments += answer.events
    if answer.isFragment { return }
    let last = fragments.last?.keyValue.modRevision ?? answer.header.revision
    create.startRevision = max(create.startRevision, try Self.next(after: last))
    notices.append(
      fragments.isEmpty ? .progress(revision: answer.header.revision) : .events(fragments, revision: last))
    fragments = []
  }

  /// To be opened again when there is a connection.
  private func reset() {
    call = nil
    connection = nil
    fragments = []
    isEstablished = false
  }

  private func finish(_ error: EtcdError) {
    notices.append(.ended(error))
    stop()
  }
}

extension EtcdClient {
  /// Begins a watch; it is established when there is a connection.
  public func watch(_ create: WatchCreate) -> Watcher {
    let watcher = Watcher(create, client: self)
    watchers.append(WeakReference(object: watcher))
    advance()
    return watcher
  }
}
