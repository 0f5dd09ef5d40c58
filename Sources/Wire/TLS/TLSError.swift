// SPDX-License-Identifier: Apache-2.0

/// Why TLS could not be set up or could not go on.
public struct TLSError: Error, Equatable, CustomStringConvertible {
  /// What an operator can change. Whoever knows the names of the settings can say them.
  public enum Remedy: Sendable, Equatable {
    /// The file of trusted authorities, or the verify mode.
    case authority
    /// The host we connect to, the server's certificate, or the verify mode.
    case hostName
    /// The server's certificate is out of its time, or our clock is wrong.
    case validity
    /// Our certificate and its key: none is given, or the server does not take it.
    case clientCertificate
    /// The server does not speak TLS here.
    case plaintext
  }

  /// In words; no secret is in it.
  public var message: String
  public var remedy: Remedy?

  public init(_ message: String, remedy: Remedy? = nil) {
    self.message = message
    self.remedy = remedy
  }

  public var description: String {
    switch remedy {
    case nil: message
    case .authority: "\(message) (is the server's authority in the CA file?)"
    case .hostName: "\(message) (connect by a name of the certificate, or verify the authority only)"
    case .validity: "\(message) (renew it, or mend the clock)"
    case .clientCertificate: "\(message) (give a client certificate and key that the server accepts)"
    case .plaintext: "\(message) (switch TLS off, or on at the server)"
    }
  }
}
