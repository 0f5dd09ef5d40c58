// SPDX-License-Identifier: Apache-2.0
public import Wire

/// How to reach etcd.
public struct EtcdConfiguration {
  /// `host:port`, `http://…` or `https://…`; tried in order, each after the failure of the one before.
  public var endpoints: [String]
  /// "" for none.
  public var username: String
  /// Asked at each authentication, so that a password file is read again.
  public var password: () throws -> String?
  /// Nil: plaintext, except for endpoints that say https.
  public var tls: TLSConfiguration?
  /// The name that the server's certificate must have; "" for the endpoint's host.
  public var serverName: String
  /// The most that connecting to one endpoint may take.
  public var dialTimeout: Duration
  /// The most that one attempt of a call may take; the caller's deadline spans all attempts.
  public var requestTimeout: Duration
  /// The largest answer that is accepted.
  public var maxReceiveBytes: Int
  /// After so long without a sign of life, with a call or stream open, a PING asks for one. Never below ten seconds:
  /// etcd ends connections that ask more often.
  public var pingInterval: Duration
  /// A PING that is not answered in this time means that the connection is dead.
  public var pingTimeout: Duration

  public init(
    endpoints: [String], username: String = "", password: @escaping () throws -> String? = { nil },
    tls: TLSConfiguration? = nil, serverName: String = "", dialTimeout: Duration = .seconds(60),
    requestTimeout: Duration = .seconds(10), maxReceiveBytes: Int = 64 << 20, pingInterval: Duration = .seconds(10),
    pingTimeout: Duration = .seconds(5)
  ) {
    self.endpoints = endpoints
    self.username = username
    self.password = password
    self.tls = tls
    self.serverName = serverName
    self.dialTimeout = dialTimeout
    self.requestTimeout = requestTimeout
    self.maxReceiveBytes = maxReceiveBytes
    self.pingInterval = max(pingInterval, .seconds(10))
    self.pingTimeout = pingTimeout
  }
}
