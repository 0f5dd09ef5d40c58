// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// One connection to one endpoint: a link, and the HTTP/2 machine over its buffers.
final class EtcdConnection {
  let endpoint: EtcdEndpoint
  let http: HTTP2Connection
  private let link: Link
  private let scheme: String
  private let configuration: EtcdConfiguration
  /// The token of this connection's user; nil where none is needed. A secret.
  var token: [UInt8]?
  /// The server has refused the token: authenticate again before anything else.
  var isTokenStale = false
  /// Why it ended; nil while open.
  private(set) var failure: String?
  private var framesSeen = 0
  private var lastSign = Deadline.now
  private var pingSent: Deadline?

  init(endpoint: EtcdEndpoint, link: Link, configuration: EtcdConfiguration) {
    self.endpoint = endpoint
    self.link = link
    self.configuration = configuration
    scheme = link.tls == nil ? "http" : "https"
    http = HTTP2Connection(input: link.input, output: link.output)
  }

  /// Connects, encrypts and greets. Turns the loop meanwhile.
  static func open(
    _ endpoint: EtcdEndpoint, _ configuration: EtcdConfiguration, loop: PollLoop, deadline: Deadline
  ) throws(EtcdError) -> EtcdConnection {
    let link: Link
    do throws(LinkError) {
      link = try Link.connect([.tcp(host: endpoint.host, port: endpoint.port)], loop: loop, deadline: deadline)
      if endpoint.usesTLS ?? (configuration.tls != nil) {
        let name = configuration.serverName.isEmpty ? endpoint.host : configuration.serverName
        do throws(LinkError) {
          try link.startTLS(
            configuration.tls ?? TLSConfiguration(), serverName: name, alpn: ["h2"], deadline: deadline)
        } catch {
          link.close()
          throw error
        }
      }
    } catch {
      throw .connection(endpoint: "\(endpoint)", reason: "\(error)", sent: false)
    }
    if let tls = link.tls, tls.alpn != "h2" {
      link.close()
      throw .connection(endpoint: "\(endpoint)", reason: "the server does not offer HTTP/2 (ALPN h2)", sent: false)
    }
    let connection = EtcdConnection(endpoint: endpoint, link: link, configuration: configuration)
    let greeted = loop.pump(until: deadline) { () -> Bool? in
      connection.advance()
      if connection.failure != nil { return false }
      return connection.http.isGreeted ? true : nil
    }
    if greeted == true { return connection }
    let reason = connection.failure ?? "connected, but it does not speak HTTP/2 in time"
    connection.close(reason)
    throw .connection(endpoint: "\(endpoint)", reason: reason, sent: false)
  }

  /// Takes what has come and sends what is due; not waiting.
  func advance() {
    guard failure == nil else { return }
    do throws(HTTP2Error) {
      try http.process()
    } catch {
      return close("\(error)")
    }
    if let closure = link.closure {
      switch closure {
      case .endOfStream:
        if http.isGreeted { return end(farewell ?? "the server closed the connection") }
        // etcd with TLS does this to plaintext.
        let hint = link.tls == nil ? " (if it wants TLS, say https)" : ""
        return end("the server closed the connection without a word: not an HTTP/2 server\(hint)")
      case .failed(let error): return end(farewell ?? "\(error)")
      }
    }
    if http.goAway != nil, http.openStreams == 0 { return close(farewell ?? "the server said GOAWAY") }
    keepAlive()
    if failure == nil { link.flush() }
  }

  /// New calls can be made.
  var isUsable: Bool { failure == nil && http.acceptsStreams }

  func call(
    _ path: String, worksWithoutLeader: Bool = false, wantsToken: Bool = true, timeout: Duration? = nil
  ) -> GRPCCall {
    var metadata: [HeaderField] = []
    if wantsToken, let token {
      metadata.append(HeaderField(name: Array("token".utf8), value: token, isSensitive: true))
    }
    // A member without a leader then refuses at once instead of letting us wait.
    if !worksWithoutLeader { metadata.append(HeaderField("hasleader", "true")) }
    return GRPCCall(
      on: http, path: path, scheme: scheme, authority: "\(endpoint)", metadata: metadata, timeout: timeout,
      messageBytesMax: configuration.maxReceiveBytes)
  }

  func flush() { link.flush() }

  /// Ends it from our side.
  func close(_ reason: String) {
    guard failure == nil else { return }
    http.close()
    end(reason)
  }

  private func end(_ reason: String) {
    failure = reason
    link.close()
    http.transportClosed()
  }

  private var farewell: String? {
    guard let goAway = http.goAway else { return nil }
    let words = String(decoding: goAway.debugData.prefix(200), as: UTF8.self)
    return "the server said GOAWAY (\(goAway.code)\(words.isEmpty ? "" : ", \(words)"))"
  }

  /// A PING when nothing has come for a while and something is open (without open streams etcd allows one in two
  /// hours); a peer that leaves it unanswered is gone, even if its kernel never said so.
  private func keepAlive() {
    let now = Deadline.now
    if http.framesReceived != framesSeen || http.openStreams == 0 {
      framesSeen = http.framesReceived
      lastSign = now
      pingSent = nil
    }
    if let sent = pingSent {
      if now > sent.advanced(by: configuration.pingTimeout) { close("does not answer: the connection is dead") }
    } else if now > lastSign.advanced(by: configuration.pingInterval) {
      http.ping()
      pingSent = now
    }
  }
}
