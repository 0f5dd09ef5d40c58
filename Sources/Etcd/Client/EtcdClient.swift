// SPDX-License-Identifier: Apache-2.0
public import Wire

/// A client of one etcd cluster, over one connection at a time, on the caller's loop and thread.
///
/// Calls that wait turn the loop meanwhile. They connect and authenticate when needed, go on at the next endpoint after
/// a failure, and repeat themselves where that is safe: reads always, writes only if the request was surely not done.
public final class EtcdClient {
  public let configuration: EtcdConfiguration
  let loop: PollLoop
  var connection: EtcdConnection?
  /// Where the next attempt to connect begins.
  private var endpointIndex = 0
  private var timer: TimerID?
  var transactions: [CallID: Transaction] = [:]
  var lastCall: UInt64 = 0
  var keepers: [WeakReference<LeaseKeeper>] = []
  var watchers: [WeakReference<Watcher>] = []
  /// Connections made so far.
  public private(set) var connectionCount = 0
  /// Why the last connection ended, or could not be made; for people.
  public internal(set) var lastFailure: String?

  struct WeakReference<T: AnyObject> { weak var object: T? }

  public init(_ configuration: EtcdConfiguration, loop: PollLoop) {
    self.configuration = configuration
    self.loop = loop
    // PINGs are answered and streams read even while the loop turns for someone else.
    timer = loop.addTimer(after: .milliseconds(200), every: .milliseconds(200)) { [weak self] in self?.advance() }
  }

  deinit {
    if let timer { loop.cancel(timer) }
    connection?.close("closed")
  }

  // MARK: Connection

  /// A call can be made now without connecting or authenticating first.
  public var isConnected: Bool {
    guard let connection else { return false }
    return connection.isUsable && !connection.isTokenStale
  }

  /// The endpoint in use, or the one that is tried next; for messages.
  public var endpoint: String {
    if let connection { return "\(connection.endpoint)" }
    let all = configuration.endpoints
    return all.isEmpty ? "(none)" : all[endpointIndex % all.count]
  }

  /// Connects to the first endpoint that works, beginning after the one that failed last, and authenticates. Tries each
  /// endpoint once. A no-op when connected.
  public func connect(deadline: Deadline) throws(EtcdError) {
    if isConnected {
      // An end that the kernel knows of already is seen before a request is entrusted to the connection: one turn reads
      // it, the next reports it.
      for _ in 0..<2 { try? loop.turn(until: .now) }
    }
    advance()
    if let connection, connection.isUsable {
      if connection.isTokenStale { try authenticate(connection, deadline: deadline) }
      return
    }
    retireConnection()
    var failures: [EtcdError] = []
    let count = configuration.endpoints.count
    guard count > 0 else { throw .configuration("no endpoint is configured") }
    for attempt in 0..<count {
      let text = configuration.endpoints[endpointIndex % count]
      guard let endpoint = EtcdEndpoint(text) else { throw .configuration("\"\(text)\" is not an endpoint") }
      let share = deadline.remaining / (count - attempt)
      let limit = min(deadline, .after(min(share, configuration.dialTimeout)))
      do throws(EtcdError) {
        let fresh = try EtcdConnection.open(endpoint, configuration, loop: loop, deadline: limit)
        try authenticate(fresh, deadline: limit)
        connection = fresh
        connectionCount += 1
        return
      } catch {
        lastFailure = "\(error)"
        endpointIndex += 1
        // A refusal of the user is the cluster's: no other endpoint thinks better of it.
        if case .status = error, !error.isTransient { throw error }
        failures.append(error)
      }
      if deadline.isPast { break }
    }
    if failures.count == 1 { throw failures[0] }
    throw .connection(
      endpoint: configuration.endpoints.joined(separator: ", "),
      reason: failures.map(\.description).joined(separator: "; "), sent: false)
  }

  /// Ends the connection; leases stay, calls under way end with an unknown outcome.
  public func disconnect() { dropConnection("disconnected") }

  /// Takes what has come, for streams and transactions under way. Called by everything here and by a timer; call it
  /// after a turn of the loop to see answers at once.
  public func advance() {
    connection?.advance()
    if let failure = connection?.failure {
      lastFailure = failure
      connection = nil
      endpointIndex += 1
    }
    keepers.removeAll { $0.object == nil }
    watchers.removeAll { $0.object == nil }
    for keeper in keepers { keeper.object?.advance() }
    for watcher in watchers { watcher.object?.advance() }
    connection?.flush()
  }

  /// Gives the connection up and goes on at the next endpoint.
  func dropConnection(_ reason: String) {
    guard let old = connection else { return }
    old.close(reason)
    connection = nil
    endpointIndex += 1
  }

  /// A new connection takes the place of this one. One that only takes no new calls (GOAWAY) is not cut off while a
  /// transaction is under way on it: that holds it, and moves it on when asked for its outcome.
  private func retireConnection() {
    guard let old = connection else { return }
    guard old.failure == nil, transactions.values.contains(where: { $0.connection === old }) else {
      return dropConnection("a new connection is made")
    }
    connection = nil
  }

  private func authenticate(_ connection: EtcdConnection, deadline: Deadline) throws(EtcdError) {
    guard !configuration.username.isEmpty else { return }
    let password: String?
    do {
      password = try configuration.password()
    } catch {
      throw .configuration("the password cannot be had: \(error)")
    }
    let request = AuthenticateRequest(name: configuration.username, password: password ?? "")
    do throws(EtcdError) {
      let response = try attempt(request, on: connection, deadline: deadline)
      connection.token = Array(response.token.utf8)
    } catch {
      // No user is asked for: go on without.
      guard error.fault == .authenticationOff else {
        connection.close("authentication failed")
        // Whether a token was made is nobody's concern; that the request behind it was not sent, is.
        guard case .status = error, error.isOutcomeUnknown else { throw error.beforeTheRequest }
        throw .connection(endpoint: "\(connection.endpoint)", reason: "authentication: \(error)", sent: false)
      }
      connection.token = nil
    }
    connection.isTokenStale = false
  }
}
