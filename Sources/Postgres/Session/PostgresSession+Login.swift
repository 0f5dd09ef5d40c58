// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension PostgresSession {
  /// How far a login has come.
  struct Login {
    var request: LoginRequest
    var step = Step.awaitingRequest

    enum Step {
      case awaitingRequest
      case awaitingOK
      case scram(ScramClient)
      case loggedIn
    }
  }

  /// Sends the start-up message.
  public func beginLogin(_ request: LoginRequest) throws(PostgresError) {
    guard phase == .new else { throw failure(.refused("a second login on one connection")) }
    let startup = request.startup
    for parameter in startup.parameters where parameter.name.utf8.contains(0) || parameter.value.utf8.contains(0) {
      throw failure(.refused("the start-up parameter \(parameter.name) contains a zero byte"))
    }
    InitialMessage.startup(startup).encodeFrame(to: &output.writer)
    login = Login(request: request)
    phase = .login
  }

  /// True once the session is ready; false while bytes are missing.
  public func pollLogin() throws(PostgresError) -> Bool {
    while let message = try nextMessage() {
      switch message {
      case .authentication(let authentication): try answer(authentication.request)
      case .backendKeyData(let key):
        processID = key.processID
        secretKey = key.secretKey
      case .negotiateProtocolVersion: break
      case .errorResponse(let response):
        // No ReadyForQuery comes behind a refused login, whatever the severity says.
        phase = .ended
        throw failure(.server(ServerError(response.fields)))
      case .readyForQuery(let ready):
        guard case .loggedIn = login?.step else { throw unexpected(message) }
        login = nil
        try becomeReady(ready.status)
        return true
      default: throw unexpected(message)
      }
    }
    return false
  }

  private func answer(_ request: Backend.Authentication.Request) throws(PostgresError) {
    guard var login else { return }
    switch (request, login.step) {
    case (.ok, .awaitingRequest), (.ok, .awaitingOK): login.step = .loggedIn
    case (.cleartextPassword, .awaitingRequest):
      guard CleartextPassword.mayBeSent(login.request.security) else { throw refuse(CleartextPassword.refusal) }
      try sendPassword(password(login.request))
      login.step = .awaitingOK
    case (.md5Password(let salt), .awaitingRequest):
      let password = try password(login.request)
      try sendPassword(MD5Password.answer(user: login.request.user, password: password, salt: salt))
      login.step = .awaitingOK
    case (.sasl(let mechanisms), .awaitingRequest):
      let client = try startSCRAM(mechanisms, login.request)
      login.step = .scram(client)
    case (.saslContinue(let data), .scram(var client)):
      let response = try refusing { () throws(AuthenticationError) in try client.answer(serverFirst: data) }
      Frontend.SASLResponse(data: response).encodeFrame(to: &output.writer)
      login.step = .scram(client)
    case (.saslFinal(let data), .scram(let client)):
      try refusing { () throws(AuthenticationError) in try client.verify(serverFinal: data) }
      login.step = .awaitingOK
    case (.other(let code, _), .awaitingRequest):
      throw refuse("the server asks for authentication method \(code), which Sync does not speak")
    default:
      // Above all: AuthenticationOk in the middle of SCRAM comes from someone who does not know the password.
      throw refuse("the server skips a step of the authentication")
    }
    self.login = login
  }

  private func startSCRAM(
    _ mechanisms: [String], _ request: LoginRequest
  ) throws(PostgresError) -> ScramClient {
    let binding = try refusing { () throws(AuthenticationError) in
      try ChannelBinding(mechanisms: mechanisms, security: request.security)
    }
    let client = ScramClient(binding: binding, password: try password(request), nonce: request.nonce)
    Frontend.SASLInitialResponse(mechanism: binding.mechanism, response: client.first)
      .encodeFrame(to: &output.writer)
    return client
  }

  private func sendPassword(_ text: String) throws(PostgresError) {
    guard !text.utf8.contains(0) else { throw refuse("the password contains a zero byte") }
    Frontend.PasswordMessage(password: text).encodeFrame(to: &output.writer)
  }

  private func password(_ request: LoginRequest) throws(PostgresError) -> String {
    let password: String?
    do {
      password = try request.password()
    } catch {
      throw refuse("the password cannot be read: \(error)")
    }
    guard let password, !password.isEmpty else {
      throw refuse("the server asks for a password and none is configured")
    }
    return password
  }

  private func refuse(_ text: String) -> PostgresError {
    phase = .ended
    return failure(.refused(text))
  }

  private func refusing<T>(_ body: () throws(AuthenticationError) -> T) throws(PostgresError) -> T {
    do throws(AuthenticationError) {
      return try body()
    } catch {
      throw refuse(error.text)
    }
  }
}
