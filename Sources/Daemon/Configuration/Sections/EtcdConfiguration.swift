// SPDX-License-Identifier: Apache-2.0

/// The etcd that is written: where it is, who we are there, where our keys live and what its server allows.
package struct EtcdConfiguration: Sendable, Equatable {
  package var endpoints = [EtcdEndpoint(scheme: nil, host: "localhost", port: 2379)]
  /// Empty: no authentication.
  package var username = ""
  package var password = Secret.none
  /// First part of every row's key; neither begins nor ends with `/`.
  package var path = "sync"
  /// First part of the keys of our own state; neither begins nor ends with `/`.
  package var statePath = "_sync"
  package var dialTimeout = Duration.seconds(60)
  package var requestTimeout = Duration.seconds(10)
  /// `false` is the original service's way to ask for TLS.
  package var grpcInsecure = true
  package var tls = EtcdTLSConfiguration()
  /// The server's `--max-txn-ops`.
  package var transactionOperationsMax = 128
  /// The server's `--max-request-bytes`.
  package var requestBytesMax = 1_572_864

  /// TLS is used as soon as anything asks for it: that can refuse to connect, but never lets a row travel in clear.
  package var usesTLS: Bool {
    tls.isEnabled || !grpcInsecure || endpoints.contains { $0.scheme == .https }
  }
}

package struct EtcdEndpoint: Sendable, Equatable, CustomStringConvertible {
  package enum Scheme: String, Sendable, CaseIterable {
    case http
    case https
  }

  /// `nil`: the endpoint was written without one.
  package var scheme: Scheme?
  /// A name or an address; an IPv6 address without its brackets.
  package var host: String
  package var port: UInt16

  package var description: String {
    let authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    return scheme.map { "\($0.rawValue)://\(authority)" } ?? authority
  }
}

package struct EtcdTLSConfiguration: Sendable, Equatable {
  package var isEnabled = false
  package var certificatePath = ""
  package var keyPath = ""
  /// Empty: the machine's own list of authorities.
  package var trustedCAPath = ""
  /// The name that the server's certificate must carry; empty: the endpoint's host.
  package var serverName = ""
}
