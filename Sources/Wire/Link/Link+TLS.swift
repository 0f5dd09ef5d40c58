// SPDX-License-Identifier: Apache-2.0

extension Link {
  /// What the handshake agreed on; nil in plaintext.
  public var tls: TLSInfo? { nil }

  /// Encrypts the link from here on. Turns the loop until the handshake is done.
  public func startTLS(
    _ configuration: TLSConfiguration, serverName: String, alpn: [String], deadline: Deadline
  ) throws(LinkError) {
    throw LinkError(peer: peer, .tls(TLSError("not built in yet (the next commit)")))
  }
}
