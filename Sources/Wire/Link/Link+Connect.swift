// SPDX-License-Identifier: Apache-2.0
internal import Glibc

extension Link {
  /// The most that one address may take while others wait for their turn, whatever the deadline says.
  private static let attemptMax = Duration.seconds(30)

  /// Connects to the first endpoint that answers, in the order given, trying every address of each name. An address
  /// whose packets vanish gets its share of the time and no more. Turns the loop meanwhile.
  public static func connect(
    _ endpoints: [Endpoint], loop: PollLoop, deadline: Deadline
  ) throws(LinkError) -> Link {
    try connect(endpoints, loop: loop, deadline: deadline, resolver: .system)
  }

  package static func connect(
    _ endpoints: [Endpoint], loop: PollLoop, deadline: Deadline, resolver: Resolver
  ) throws(LinkError) -> Link {
    precondition(!endpoints.isEmpty)
    var failures: [LinkError] = []
    for (index, endpoint) in endpoints.enumerated() {
      do throws(LinkError) {
        let share = deadline.share(among: endpoints.count - index, longest: attemptMax * 4)
        return try connect(to: endpoint, loop: loop, deadline: share, resolver: resolver)
      } catch {
        failures.append(error)
      }
      if deadline.isPast { break }
    }
    throw joined(failures, peer: endpoints.map(\.description).joined(separator: ", "))
  }

  private static func joined(_ failures: [LinkError], peer: String) -> LinkError {
    failures.count == 1 ? failures[0] : LinkError(peer: peer, .all(failures))
  }

  private static func connect(
    to endpoint: Endpoint, loop: PollLoop, deadline: Deadline, resolver: Resolver
  ) throws(LinkError) -> Link {
    let addresses = try addresses(of: endpoint, loop: loop, deadline: deadline, resolver: resolver)
    var failures: [LinkError] = []
    for (index, address) in addresses.enumerated() {
      let peer = name(endpoint, at: address)
      let attempt = ConnectAttempt(to: address)
      loop.add(attempt)
      defer { loop.remove(attempt) }
      let share = deadline.share(among: addresses.count - index, longest: attemptMax)
      let finished = loop.pump(until: share) { attempt.isFinished ? true : nil }
      if finished == nil {
        failures.append(LinkError(peer: peer, .timedOut("connect")))
      } else if let failure = attempt.failure {
        failures.append(LinkError(peer: peer, .system(failure)))
      } else if let socket = attempt.take() {
        return Link(owning: socket, peer: peer, loop: loop)
      }
      if deadline.isPast { break }
    }
    throw joined(failures, peer: endpoint.description)
  }

  /// `db.example:5432 (10.0.0.1)`; what is an address or a path already stands alone.
  private static func name(_ endpoint: Endpoint, at address: SocketAddress) -> String {
    switch endpoint {
    case .unix(let path): path
    case .tcp(let host, _): host == address.host ? endpoint.description : "\(endpoint) (\(address.host))"
    }
  }

  private static func addresses(
    of endpoint: Endpoint, loop: PollLoop, deadline: Deadline, resolver: Resolver
  ) throws(LinkError) -> [SocketAddress] {
    switch endpoint {
    case .unix(let path):
      guard let address = SocketAddress(unixPath: path) else {
        throw LinkError(peer: path, .impossible("a socket's path has 1 to 107 bytes"))
      }
      return [address]
    case .tcp(let host, let port):
      if let numeric = Resolver.numeric(host, port) { return numeric }
      let resolution = Resolution(resolver, host: host, port: port, waker: loop.waker)
      do throws(SystemError) {
        try resolution.start()
      } catch {
        throw LinkError(peer: endpoint.description, .system(error))
      }
      switch loop.pump(until: deadline, { resolution.answer }) {
      case nil: throw LinkError(peer: endpoint.description, .timedOut("resolve"))
      case .failed(let words): throw LinkError(peer: endpoint.description, .unresolved(words))
      case .addresses(let list): return list
      }
    }
  }
}
