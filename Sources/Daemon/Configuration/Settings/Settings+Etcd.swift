// SPDX-License-Identifier: Apache-2.0

extension Settings {
  static let etcd: [Setting] = [
    Setting("etcd.endpoints", \.etcd.endpoints, .endpoints, "host:port, http://… or https://… of each member"),
    Setting("etcd.username", \.etcd.username, .text.example("sync"), "empty: no authentication"),
    Setting("etcd.password", \.etcd.password, .password.example("${SYNC_ETCD_PASSWORD}"), "the user's password"),
    Setting(
      "etcd.password_file", \.etcd.password, .passwordFile,
      "a file that holds the password, read again at each reconnection"),
    Setting("etcd.path", \.etcd.path, .keyPath(example: "sync"), "first part of every row's key"),
    Setting("etcd.state_path", \.etcd.statePath, .keyPath(example: "_sync"), "first part of the keys of our own state"),
    Setting("etcd.dial_timeout", \.etcd.dialTimeout, .patience(example: "60s"), "how long connecting may take"),
    Setting("etcd.request_timeout", \.etcd.requestTimeout, .patience(example: "10s"), "how long one request may take"),
    Setting("etcd.grpc_insecure", \.etcd.grpcInsecure, .flag, "false is the same as tls.enabled: true"),
    Setting("etcd.tls.enabled", \.etcd.tls.isEnabled, .flag, "talk TLS; https:// in `endpoints` does the same"),
    Setting(
      "etcd.tls.certificate_path", \.etcd.tls.certificatePath, .text.example("/etc/sync/etcd.crt"),
      "our certificate, where etcd asks for one"),
    Setting("etcd.tls.key_path", \.etcd.tls.keyPath, .text.example("/etc/sync/etcd.key"), "the certificate's key"),
    Setting(
      "etcd.tls.trusted_ca_path", \.etcd.tls.trustedCAPath, .text.example("/etc/sync/etcd-ca.crt"),
      "the authorities that may sign etcd's certificate; empty: the machine's own"),
    Setting(
      "etcd.tls.server_name", \.etcd.tls.serverName, .text.example("etcd.example.com"),
      "the name in etcd's certificate; empty: the endpoint's host"),
    Setting(
      "etcd.max_txn_ops", \.etcd.transactionOperationsMax,
      // An UPDATE of a key column is a delete and a put, neither goes without the checkpoint, and a nested transaction
      // takes its share.
      .integer("a number of operations", 6...1_000_000, example: 128), "the server's --max-txn-ops"),
    Setting(
      "etcd.max_request_bytes", \.etcd.requestBytesMax, .size((16 << 10)...(1 << 30), example: "1.5MiB"),
      "the server's --max-request-bytes"),
  ]
}
