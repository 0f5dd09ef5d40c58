// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Calls that wait for their answer.
extension EtcdClient {
  public func range(_ request: RangeRequest, deadline: Deadline) throws(EtcdError) -> RangeResponse {
    try call(request, deadline: deadline)
  }

  public func transact(_ request: TxnRequest, deadline: Deadline) throws(EtcdError) -> TxnResponse {
    try call(request, deadline: deadline)
  }

  public func put(_ request: PutRequest, deadline: Deadline) throws(EtcdError) -> PutResponse {
    try call(request, deadline: deadline)
  }

  public func deleteRange(_ request: DeleteRangeRequest, deadline: Deadline) throws(EtcdError) -> DeleteRangeResponse {
    try call(request, deadline: deadline)
  }

  public func compact(_ request: CompactRequest, deadline: Deadline) throws(EtcdError) -> CompactResponse {
    try call(request, deadline: deadline)
  }

  public func leaseGrant(_ request: LeaseGrantRequest, deadline: Deadline) throws(EtcdError) -> LeaseGrantResponse {
    try call(request, deadline: deadline)
  }

  public func leaseRevoke(_ request: LeaseRevokeRequest, deadline: Deadline) throws(EtcdError) -> LeaseRevokeResponse {
    try call(request, deadline: deadline)
  }

  public func leaseTimeToLive(
    _ request: LeaseTimeToLiveRequest, deadline: Deadline
  ) throws(EtcdError) -> LeaseTimeToLiveResponse {
    try call(request, deadline: deadline)
  }

  /// Of the member that we are connected to.
  public func status(deadline: Deadline) throws(EtcdError) -> StatusResponse {
    try call(StatusRequest(), deadline: deadline)
  }

  public func alarm(_ request: AlarmRequest, deadline: Deadline) throws(EtcdError) -> AlarmResponse {
    try call(request, deadline: deadline)
  }

  public func defragment(deadline: Deadline) throws(EtcdError) -> DefragmentResponse {
    try call(DefragmentRequest(), deadline: deadline)
  }

  public func memberList(deadline: Deadline) throws(EtcdError) -> MemberListResponse {
    try call(MemberListRequest(), deadline: deadline)
  }

  /// Any unary call. Within the deadline it is attempted again after a failure that leaves no doubt (or any transient
  /// one, if it only reads), with growing pauses; the first connection of all is tried once at each endpoint.
  public func call<R: EtcdRequest>(_ request: R, deadline: Deadline) throws(EtcdError) -> R.Response {
    var pause = Duration.milliseconds(50)
    var hasAuthenticatedAgain = false
    while true {
      let failure: EtcdError
      var used: EtcdConnection?
      do throws(EtcdError) {
        try connect(deadline: deadline)
        guard let connection else { throw .connection(endpoint: endpoint, reason: "not connected", sent: false) }
        used = connection
        let limit = min(deadline, .after(configuration.requestTimeout))
        return try attempt(request, on: connection, deadline: limit)
      } catch {
        failure = error
      }
      if let used { react(to: failure, on: used) }
      if failure.needsAuthentication, !hasAuthenticatedAgain {
        hasAuthenticatedAgain = true
        continue
      }
      guard failure.isTransient, request.isReadOnly || !failure.isOutcomeUnknown, connectionCount > 0,
        Deadline.after(pause) < min(deadline, loop.cutoff)
      else { throw failure }
      _ = loop.pump(until: .after(pause)) { nil as Bool? }
      pause = min(pause * 2, .seconds(1))
    }
  }

  /// What a failure means for the connection and the token. One on a connection that was given up since means nothing
  /// for the one that took its place.
  func react(to failure: EtcdError, on used: EtcdConnection) {
    guard used === connection else { return }
    // A transaction under way has a deadline of its own, and is not lost to another call's.
    let isBusy = transactions.values.contains { $0.connection === connection }
    switch failure {
    case .connection, .configuration: break
    // Frozen, or without a leader: another member may do better.
    case .deadline: if !isBusy { dropConnection("a call was not answered in time") }
    case .violation(_, let reason, _): dropConnection(reason)
    case .status:
      if failure.needsAuthentication { used.isTokenStale = true }
      if failure.fault == .noLeader, configuration.endpoints.count > 1, !isBusy {
        dropConnection("the member has no leader")
      }
    }
  }

  /// One attempt on one connection.
  func attempt<R: EtcdRequest>(
    _ request: R, on connection: EtcdConnection, deadline: Deadline
  ) throws(EtcdError) -> R.Response {
    let call = connection.call(
      R.path, worksWithoutLeader: R.worksWithoutLeader, wantsToken: R.wantsToken, timeout: deadline.remaining)
    var body = ByteWriter()
    request.encode(to: &body)
    call.send(body.bytes, last: true)
    connection.flush()
    var response: R.Response?
    let outcome = loop.pump(until: deadline) { () -> Result<R.Response, EtcdError>? in
      connection.advance()
      return Self.result(of: call, response: &response, on: connection) { bytes throws(WireError) in
        try R.Response(from: bytes)
      }
    }
    if let outcome { return try outcome.get() }
    let sent = call.isSent
    call.cancel()
    connection.flush()
    throw .deadline(endpoint: "\(connection.endpoint)", doing: R.path, sent: sent)
  }

  /// What a unary call has come to; nil while under way. `response` keeps the message until the status has come.
  static func result<Response>(
    of call: GRPCCall, response: inout Response?, on connection: EtcdConnection,
    decode: (RawSpan) throws(WireError) -> Response
  ) -> Result<Response, EtcdError>? {
    // Asked for while the call is under way, which is often: the words only for a failure.
    var endpoint: String { "\(connection.endpoint)" }
    do throws(WireError) {
      if let message = try call.next(decode) {
        if response != nil {
          call.cancel()
          return .failure(.violation(endpoint: endpoint, reason: "two answers to one request", sent: true))
        }
        response = message
      }
    } catch {
      return .failure(.violation(endpoint: endpoint, reason: "\(error)", sent: true))
    }
    switch call.end {
    case nil: return nil
    case .status(let status) where status.code == .ok:
      if let response { return .success(response) }
      return .failure(.violation(endpoint: endpoint, reason: "an answer without a message", sent: true))
    case .status(let status): return .failure(.status(code: status.code, message: status.message))
    case .refused:
      let reason = connection.failure ?? "the server refused the request before it began"
      return .failure(.connection(endpoint: endpoint, reason: reason, sent: false))
    case .lost(let reason):
      return .failure(.connection(endpoint: endpoint, reason: connection.failure ?? reason, sent: call.isSent))
    case .violation(let reason): return .failure(.violation(endpoint: endpoint, reason: reason, sent: true))
    }
  }
}
