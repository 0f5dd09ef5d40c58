// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Where to connect, as whom, and how.
public struct PostgresOptions {
  /// Tried in order; an absolute path is the folder of a Unix socket.
  public var hosts: [String]
  public var port: UInt16
  public var user: String
  public var database: String
  /// Read again at each login. Nil: none is configured.
  public var password: () throws -> String?
  public var tlsMode: TLSMode
  /// Paths of the TLS files; what is verified follows from `tlsMode`.
  public var tlsFiles: TLSConfiguration
  /// A walsender connection (`replication=database`), which takes replication commands and SQL.
  public var replication: Bool
  /// Run-time parameters for the start-up message, in order: `application_name`, `TimeZone`, `statement_timeout`.
  public var parameters: [(name: String, value: String)]
  /// A longer message of the server ends the connection.
  public var messageBytesMax: Int
  public var onNotice: ((ServerError) -> Void)?

  public init(
    hosts: [String], port: UInt16 = 5432, user: String, database: String,
    tlsMode: TLSMode = .prefer, tlsFiles: TLSConfiguration = TLSConfiguration(),
    replication: Bool = false, parameters: [(name: String, value: String)] = [],
    messageBytesMax: Int = FrameHeader.messageBytesMaxDefault,
    password: @escaping () throws -> String?
  ) {
    self.hosts = hosts
    self.port = port
    self.user = user
    self.database = database
    self.tlsMode = tlsMode
    self.tlsFiles = tlsFiles
    self.replication = replication
    self.parameters = parameters
    self.messageBytesMax = messageBytesMax
    self.password = password
  }

  func endpoint(_ host: String) -> Endpoint {
    host.hasPrefix("/") ? .unix(path: "\(host)/.s.PGSQL.\(port)") : .tcp(host: host, port: port)
  }

  var tlsConfiguration: TLSConfiguration {
    var configuration = tlsFiles
    switch tlsMode {
    case .disable, .prefer: configuration.verify = .none
    case .require: configuration.verify = tlsFiles.caPath.isEmpty ? .none : .certificateAuthority
    case .verifyCA: configuration.verify = .certificateAuthority
    case .verifyFull: configuration.verify = .full
    }
    return configuration
  }
}
