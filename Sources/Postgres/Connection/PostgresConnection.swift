// SPDX-License-Identifier: Apache-2.0
public import Wire

/// One connection with a PostgreSQL server: a session joined to a link.
///
/// What waits for an answer pumps the loop until its deadline. After a deadline has passed the connection is closed:
/// nobody knows any longer which answer belongs to which question. After an error of the server it can be used again.
public final class PostgresConnection {
  public let session: PostgresSession
  public let link: Link
  public let loop: PollLoop
  /// The options it was opened with: to open another one like it.
  public let options: PostgresOptions
  /// `host:port`, or the socket's path.
  public var peer: String { session.peer }

  init(link: Link, loop: PollLoop, options: PostgresOptions) {
    self.link = link
    self.loop = loop
    self.options = options
    session = PostgresSession(
      input: link.input, output: link.output, peer: link.peer, messageBytesMax: options.messageBytesMax)
    session.onNotice = options.onNotice
  }

  /// A run-time parameter that the server reports: `server_version`, `TimeZone`.
  public func parameter(_ name: String) -> String? { session.parameters[name] }

  /// As `server_version_num`: 150018 for 15.18. Zero if the server does not tell.
  public var serverVersion: Int { ServerVersion.number(parameter("server_version") ?? "") }

  /// The server process that serves us.
  public var serverProcessID: Int32 { session.processID }

  public var isOpen: Bool { link.closure == nil && isAlive }

  /// Says good-bye and closes.
  public func close() {
    session.terminate()
    link.close()
  }

  /// Turns the loop until `poll` answers true, the link has closed or the deadline has passed.
  func wait(until deadline: Deadline, _ poll: () throws(PostgresError) -> Bool) throws(PostgresError) {
    link.flush()
    let done = try closingOnFailure { () throws(PostgresError) in
      try loop.pump(until: deadline) { () throws(PostgresError) -> Bool? in
        if try poll() { return true }
        if link.closure != nil { throw closedError() }
        link.flush()
        return nil
      }
    }
    if done != nil { return }
    let error = PostgresError(.timedOut(while: session.activity), peer: peer)
    session.abandon()
    link.close()
    throw error
  }

  /// An error that ends the session ends the link too.
  private func closingOnFailure<T>(_ body: () throws(PostgresError) -> T) throws(PostgresError) -> T {
    do throws(PostgresError) {
      return try body()
    } catch {
      if !isAlive { link.close() }
      throw error
    }
  }

  @usableFromInline
  var isAlive: Bool { session.isAlive }

  /// What the closing of the link means for what we are doing.
  @usableFromInline
  func closedError() -> PostgresError {
    let error = session.closedError()
    guard case .closed(let activity) = error.reason, case .failed(let cause) = link.closure else { return error }
    return PostgresError(.transport("\(cause) (while \(activity))"), peer: peer)
  }
}
