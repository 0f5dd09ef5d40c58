// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Names a transaction under way.
public struct CallID: Hashable, Sendable {
  let number: UInt64
}

/// What a transaction came to.
public struct TxnOutcome: Sendable {
  /// The comparisons held.
  public var succeeded: Bool
  /// The store's revision after it.
  public var revision: Int64
  /// The whole `TxnResponse`, for whoever wants to see more of it.
  public var response: [UInt8]

  init(from bytes: RawSpan) throws(WireError) {
    succeeded = false
    revision = 0
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): revision = try reader.message(ResponseHeader.self).revision
      case (2, .varint): succeeded = try reader.bool()
      default: try reader.skip(tag)
      }
    }
    response = bytes.array
  }
}

/// Transactions that are begun and asked for later: the pipeline's.
extension EtcdClient {
  struct Transaction {
    let call: GRPCCall
    let connection: EtcdConnection
    let deadline: Deadline
    var outcome: TxnOutcome?
  }

  /// Sends a `TxnRequest` that `TransactionBuilder` made, as far as the windows allow; the rest follows as the loop
  /// turns. Does not wait and does not connect: when `isConnected` is false it throws, with nothing sent.
  public func begin(transaction body: RequestBody, deadline: Deadline) throws(EtcdError) -> CallID {
    try begin(deadline: deadline) { $0.send(body) }
  }

  /// The same with a `TxnRequest` in protobuf bytes, which are copied.
  public func begin(transaction bytes: RawSpan, deadline: Deadline) throws(EtcdError) -> CallID {
    try begin(deadline: deadline) { $0.send(bytes, last: true) }
  }

  private func begin(deadline: Deadline, _ send: (GRPCCall) -> Void) throws(EtcdError) -> CallID {
    advance()
    guard let connection, isConnected else {
      throw .connection(endpoint: endpoint, reason: lastFailure ?? "not connected", sent: false)
    }
    let call = connection.call(TxnRequest.path, timeout: deadline.remaining)
    send(call)
    connection.flush()
    lastCall += 1
    let id = CallID(number: lastCall)
    transactions[id] = Transaction(call: call, connection: connection, deadline: deadline)
    return id
  }

  /// Nil while under way; then what it came to, once. After a failure look at `isOutcomeUnknown`; `isConnected` says
  /// whether `connect` must be called before the next.
  public func outcome(of id: CallID) -> Result<TxnOutcome, EtcdError>? {
    precondition(transactions[id] != nil, "asked for a transaction that was not begun or has been answered")
    advance()
    guard var transaction = transactions[id] else { return nil }
    // The connection may have been given up since, and is then not advanced by the client.
    transaction.connection.advance()
    let result = Self.result(
      of: transaction.call, response: &transaction.outcome, on: transaction.connection,
      decode: TxnOutcome.init(from:))
    if let result {
      transactions[id] = nil
      if case .failure(let failure) = result { react(to: failure, on: transaction.connection) }
      return result
    }
    guard transaction.deadline.isPast else {
      transactions[id] = transaction
      return nil
    }
    let failure = EtcdError.deadline(
      endpoint: "\(transaction.connection.endpoint)", doing: TxnRequest.path, sent: transaction.call.isSent)
    transaction.call.cancel()
    transaction.connection.flush()
    transactions[id] = nil
    react(to: failure, on: transaction.connection)
    return .failure(failure)
  }
}
