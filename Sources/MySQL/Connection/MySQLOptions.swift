// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Where to connect, as whom, and how.
public struct MySQLOptions {
  /// Tried in order; an absolute path is a Unix socket.
  public var hosts: [String]
  public var port: UInt16
  public var user: String
  /// The schema that unqualified names mean; nil for none.
  public var schema: String?
  /// Read again at each login. Nil: an account without a password.
  public var password: () throws -> String?
  /// Without TLS there is none on a Unix socket either way.
  public var tlsMode: MySQLTLSMode
  /// Paths of the TLS files; what is verified follows from `tlsMode`.
  public var tlsFiles: TLSConfiguration
  /// PEM file of the server's RSA key, for passwords on a connection without TLS; "" to ask the server for it.
  public var serverPublicKeyPath: String
  public var compression: CompressionAlgorithm
  /// What the server is told of us, for its lists of connections: `program_name`.
  public var attributes: [(name: String, value: String)]
  /// A longer message of the server (an event, a row) ends the connection.
  public var messageBytesMax: Int

  public init(
    hosts: [String], port: UInt16 = 3306, user: String, schema: String? = nil,
    tlsMode: MySQLTLSMode = .prefer, tlsFiles: TLSConfiguration = TLSConfiguration(),
    serverPublicKeyPath: String = "", compression: CompressionAlgorithm = .none,
    attributes: [(name: String, value: String)] = [],
    messageBytesMax: Int = MySQLSession.messageBytesMaxDefault,
    password: @escaping () throws -> String?
  ) {
    self.hosts = hosts
    self.port = port
    self.user = user
    self.schema = schema
    self.tlsMode = tlsMode
    self.tlsFiles = tlsFiles
    self.serverPublicKeyPath = serverPublicKeyPath
    self.compression = compression
    self.attributes = attributes
    self.messageBytesMax = messageBytesMax
    self.password = password
  }

  func endpoint(_ host: String) -> Endpoint {
    host.hasPrefix("/") ? .unix(path: host) : .tcp(host: host, port: port)
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
