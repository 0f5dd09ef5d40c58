// SPDX-License-Identifier: Apache-2.0
//
//   server  Handshake
//   client  SSLRequest, and the TLS handshake        if TLS is wanted
//   client  HandshakeResponse                        with an answer to the challenge of the server's own plugin
//   server  AuthSwitchRequest → AuthResponse         if the account has another plugin
//   server  AuthMoreData → AuthResponse              as often as the plugin needs
//   server  OK, or ERR
package import Wire

extension MySQLSession {
  /// How far a login has come.
  struct LoginState {
    var request: LoginRequest
    var plugin: any AuthenticationPlugin = NativePassword()
    var context: LoginContext?
    var rounds = 0
  }

  /// utf8mb4_general_ci, which all servers since 5.5 have: names and messages come in UTF-8.
  private static let collation: UInt8 = 45
  /// No plugin needs as many.
  private static let roundsMax = 8

  /// The server speaks first.
  package func beginLogin(_ request: LoginRequest) throws(MySQLError) {
    guard phase == .new else { throw failure(.refused("a second login on one connection")) }
    for text in [request.user, request.schema ?? ""] where text.utf8.contains(0) {
      throw failure(.refused("the user or the schema contains a zero byte"))
    }
    login = LoginState(request: request)
    phase = .login
  }

  /// True once the server has introduced itself; false while bytes are missing.
  package func pollHandshake() throws(MySQLError) -> Bool {
    guard let payload = try nextPayload() else { return false }
    if payload.first == Reply.Failure.code { throw try serverFailure(payload, ends: true) }
    let handshake = try decode(Login.Handshake.self, payload)
    guard handshake.capabilities.isSuperset(of: .required) else {
      throw refuse("the server (\(handshake.serverVersion.prefix(64))) is too old")
    }
    self.handshake = handshake
    return true
  }

  package var offersTLS: Bool { handshake?.capabilities.contains(.ssl) == true }

  /// Asks the server to start TLS; what is sent next is encrypted.
  package func requestTLS() {
    sendPayload(head(withTLS: true).payload([]), sequence: reader.sequence)
  }

  private func head(withTLS: Bool) -> Login.SSLRequest {
    let offered = handshake?.capabilities ?? []
    let request = login?.request
    if let head = request?.head { return head }
    var wanted = Capabilities.wanted
    if request?.schema != nil { wanted.insert(.connectWithDatabase) }
    switch request?.compression {
    case .zlib: wanted.insert(.compress)
    case .zstd: wanted.insert(.zstdCompression)
    case nil, .some(.none): break
    }
    wanted.formIntersection(offered)
    if withTLS { wanted.insert(.ssl) }
    return Login.SSLRequest(
      capabilities: wanted, payloadBytesMax: UInt32(min(messageBytesMax, 1 << 30)), collation: Self.collation)
  }

  /// Introduces us and answers the challenge.
  package func answerHandshake(
    security: LoginContext.Security, publicKey: RSAPublicKey? = nil
  ) throws(MySQLError) {
    guard let handshake, var login else { return }
    let head = head(withTLS: security == .tls)
    let context = LoginContext(
      security: security, password: try password(login.request), publicKey: publicKey)
    login.context = context
    // Other plugins have challenges that the handshake has no room for: they come by AuthSwitchRequest.
    let mayBegin = [CachingSHA2Password.name, NativePassword.name, SHA256Password.name].contains(handshake.plugin)
    login.plugin =
      mayBegin
      ? try refusing { () throws(AuthenticationError) in
        try AuthenticationPlugins.named(handshake.plugin)
      } : NativePassword()
    let answer = try refusing { () throws(AuthenticationError) in
      try login.plugin.begin(challenge: handshake.pluginData, context)
    }
    let response = Login.HandshakeResponse(
      head: head, user: login.request.user, authentication: answer, schema: login.request.schema ?? "",
      plugin: type(of: login.plugin).name, attributes: login.request.attributes.map { .init($0.name, $0.value) },
      zstdLevel: 3)
    self.login = login
    capabilities = head.capabilities
    sendPayload(response.payload([]), sequence: reader.sequence)
  }

  /// True once the session is ready; false while bytes are missing.
  package func pollLogin() throws(MySQLError) -> Bool {
    while let payload = try nextPayload() {
      switch payload.first {
      case Reply.OK.code:
        statusFlags = try decode(Reply.OK.self, payload).status
        try becomeReadyAfterLogin()
        return true
      case Reply.Failure.code: throw try serverFailure(payload, ends: true)
      case Login.AuthSwitchRequest.code: try switchPlugin(try decode(Login.AuthSwitchRequest.self, payload))
      case Login.AuthMoreData.code: try goOn(try decode(Login.AuthMoreData.self, payload).pluginData)
      // MariaDB puts the code before the plugin's data only where they could be taken for one of the others.
      case .some where server.flavor == .mariaDB: try goOn(payload)
      case .some, nil: throw unexpected(payload)
      }
    }
    return false
  }

  private func switchPlugin(_ request: Login.AuthSwitchRequest) throws(MySQLError) {
    guard var login, let context = login.context else { return }
    login.plugin = try refusing { () throws(AuthenticationError) in try AuthenticationPlugins.named(request.plugin) }
    if var parsec = login.plugin as? Parsec {
      parsec.ownChallenge = login.request.ownChallenge
      login.plugin = parsec
    }
    let answer = try refusing { () throws(AuthenticationError) in
      try login.plugin.begin(challenge: request.pluginData, context)
    }
    try say(answer, &login)
  }

  private func goOn(_ data: [UInt8]) throws(MySQLError) {
    guard var login, let context = login.context else { return }
    let answer = try refusing { () throws(AuthenticationError) in try login.plugin.answer(data, context) }
    try say(answer, &login)
  }

  private func say(_ answer: [UInt8]?, _ login: inout LoginState) throws(MySQLError) {
    login.rounds += 1
    if login.rounds > Self.roundsMax { throw refuse("the server does not come to an end with the authentication") }
    self.login = login
    if let answer {
      sendPayload(Login.AuthResponse(pluginData: answer).payload(capabilities), sequence: reader.sequence)
    }
  }

  private func becomeReadyAfterLogin() throws(MySQLError) {
    let algorithm: CompressionAlgorithm =
      capabilities.contains(.compress) ? .zlib : capabilities.contains(.zstdCompression) ? .zstd : .none
    do throws(CompressionError) {
      try reader.startCompression(algorithm)
    } catch {
      throw refuse("\(error)")
    }
    login = nil
    reader.bytesMax = messageBytesMax
    phase = .ready
  }

  private func password(_ request: LoginRequest) throws(MySQLError) -> [UInt8] {
    let password: String?
    do {
      password = try request.password()
    } catch {
      throw refuse("the password cannot be read: \(error)")
    }
    let bytes = Array((password ?? "").utf8)
    if bytes.contains(0) { throw refuse("the password contains a zero byte") }
    return bytes
  }

  private func refusing<T>(_ body: () throws(AuthenticationError) -> T) throws(MySQLError) -> T {
    do throws(AuthenticationError) {
      return try body()
    } catch {
      throw refuse(error.text)
    }
  }
}
