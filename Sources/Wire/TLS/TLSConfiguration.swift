// SPDX-License-Identifier: Apache-2.0

/// How a link is encrypted. TLS 1.2 is the oldest version spoken.
public struct TLSConfiguration: Sendable, Equatable {
  /// What is asked of the server's certificate.
  public enum Verification: Sendable, Equatable {
    /// Nothing: encrypted against listeners, not against an impostor.
    case none
    /// Signed by a trusted authority, for whichever host.
    case certificateAuthority
    /// Signed by a trusted authority, for the host name or address that we connect to.
    case full
  }

  public var verify: Verification
  /// PEM file of the trusted authorities; "" for the machine's own.
  public var caPath: String
  /// PEM file of our certificate and its chain; "" for none.
  public var certificatePath: String
  /// PEM file of its private key; "" when it stands in the certificate's file.
  public var keyPath: String

  public init(
    verify: Verification = .full, caPath: String = "", certificatePath: String = "", keyPath: String = ""
  ) {
    self.verify = verify
    self.caPath = caPath
    self.certificatePath = certificatePath
    self.keyPath = keyPath
  }
}

/// What a handshake has agreed on.
public struct TLSInfo: Sendable, Equatable {
  /// "TLSv1.2" or "TLSv1.3".
  public var version: String
  public var cipher: String
  /// The application protocol that the server chose from ours, or nil.
  public var alpn: String?
  /// The channel binding `tls-server-end-point` (RFC 5929, section 4), or nil where it is not defined for the server's
  /// certificate.
  public var serverEndPoint: [UInt8]?
}
