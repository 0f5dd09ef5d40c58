// SPDX-License-Identifier: Apache-2.0

extension Link {
  /// What the handshake agreed on; nil in plaintext.
  public var tls: TLSInfo? { tlsMachine?.info }

  /// Encrypts the link from here on. Turns the loop until the handshake is done; a link on which it failed is closed.
  ///
  /// With TLS 1.3 a server judges our certificate only after our side of the handshake is done: its refusal then comes
  /// as the link's `closure`, in the same words.
  public func startTLS(
    _ configuration: TLSConfiguration, serverName: String, alpn: [String], deadline: Deadline
  ) throws(LinkError) {
    precondition(tlsMachine == nil, "TLS is on already")
    if let closureError { throw closureError }
    // Whatever came before the handshake came unprotected. Used afterwards it would pass for protected.
    if input.count > 0 {
      throw fail(TLSError("the server sent \(input.count) bytes ahead of the handshake", remedy: .plaintext))
    }
    // What stands in `output` is still plaintext. Sent now: a turn that sends it would then wait for an answer, and
    // after MySQL's request for TLS there is none.
    flush()
    let sent = loop.pump(until: deadline) { output.isEmpty || closure != nil ? true : nil }
    if sent == nil { throw timedOut() }
    if let closureError { throw closureError }
    do throws(TLSError) {
      let machine = try TLSMachine(configuration, serverName: serverName, alpn: alpn)
      // The first call only writes ClientHello.
      _ = try machine.handshake()
      tlsMachine = machine
      output.gathers = false
    } catch {
      throw fail(error)
    }
    let finished = loop.pump(until: deadline) { tls != nil || closure != nil ? true : nil }
    if finished == nil { throw timedOut() }
    if let closure, tls == nil {
      if closure == .endOfStream {
        let words = "the server closed the connection during the handshake"
        throw LinkError(peer: peer, .tls(TLSError(words, remedy: .plaintext)))
      }
      throw closureError ?? LinkError(peer: peer, .endOfStream)
    }
  }

  private func fail(_ error: TLSError) -> LinkError {
    let reason = LinkError(peer: peer, .tls(error))
    end(.failed(reason))
    close()
    return reason
  }

  private func timedOut() -> LinkError {
    let reason = LinkError(peer: peer, .timedOut("TLS handshake with"))
    end(.failed(reason))
    close()
    return reason
  }
}
