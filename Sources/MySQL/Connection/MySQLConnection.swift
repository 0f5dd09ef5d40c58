// SPDX-License-Identifier: Apache-2.0
public import Wire

/// One connection with a MySQL or MariaDB server: a session joined to a link.
///
/// What waits for an answer pumps the loop until its deadline. After a deadline has passed the connection is closed:
/// nobody knows any longer which answer belongs to which question. After an error of the server it can be used again.
public final class MySQLConnection {
  public let session: MySQLSession
  public let link: Link
  public let loop: PollLoop
  /// The options it was opened with: to open another one like it.
  public let options: MySQLOptions
  /// `host:port`, or the socket's path.
  public var peer: String { session.peer }

  init(link: Link, loop: PollLoop, options: MySQLOptions) {
    self.link = link
    self.loop = loop
    self.options = options
    session = MySQLSession(
      input: link.input, output: link.output, peer: link.peer, messageBytesMax: options.messageBytesMax)
  }

  /// Which server it is.
  public var server: ServerVersion { session.server }

  /// The server's number for this connection, which KILL takes.
  public var connectionID: UInt32 { session.connectionID }

  public var isOpen: Bool { link.closure == nil && isAlive }

  /// Says good-bye and closes.
  public func close() {
    session.terminate()
    link.close()
  }

  /// Turns the loop until `poll` answers, the link has closed or the deadline has passed.
  func wait<T>(until deadline: Deadline, _ poll: () throws(MySQLError) -> T?) throws(MySQLError) -> T {
    link.flush()
    let done = try closingOnFailure { () throws(MySQLError) in
      try loop.pump(until: deadline) { () throws(MySQLError) -> T? in
        if let answer = try poll() { return answer }
        if link.closure != nil { throw closedError() }
        link.flush()
        return nil
      }
    }
    if let done { return done }
    let error = MySQLError(.timedOut(while: session.activity), peer: peer)
    session.abandon()
    link.close()
    throw error
  }

  /// An error that ends the session ends the link too.
  private func closingOnFailure<T>(_ body: () throws(MySQLError) -> T) throws(MySQLError) -> T {
    do throws(MySQLError) {
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
  func closedError() -> MySQLError {
    let error = session.closedError()
    guard case .closed(let activity) = error.reason, case .failed(let cause) = link.closure else { return error }
    return MySQLError(.transport("\(cause) (while \(activity))"), peer: peer)
  }
}

extension Bool {
  /// For polls that have no answer but that they are done.
  var whenDone: Void? { self ? () : nil }
}
