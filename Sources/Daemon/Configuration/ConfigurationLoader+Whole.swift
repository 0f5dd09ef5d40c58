// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// Rules between keys: what each of them alone cannot break.
extension ConfigurationLoader {
  mutating func checkWhole() {
    checkDatabase()
    checkEtcd()
    checkPasswordFiles()
    checkKeys()
  }

  private mutating func checkDatabase() {
    let database = configuration.database
    // Switched off, it says so and ends: it needs no database.
    if given["database.name"] == nil, configuration.sync.isEnabled {
      report("database.name", "is missing", mend: "write under database: name: shop", at: nil)
    }
    if database.driver == .postgres, database.names.count > 1 {
      let origin = given["database.name"]?.origin
      let what = "is a list; one replication reads one database of PostgreSQL"
      report("database.name", what, mend: "write: name: \(yamlText(database.name))", at: origin)
    }
    let tls = database.tls
    if tls.mode != .disable {
      checkFiles(["database.tls.ca_path": tls.caPath])
      checkPair("database.tls", tls.certificatePath, tls.keyPath)
    }
  }

  private mutating func checkEtcd() {
    let etcd = configuration.etcd
    guard etcd.usesTLS else { return }
    checkFiles(["etcd.tls.trusted_ca_path": etcd.tls.trustedCAPath])
    checkPair("etcd.tls", etcd.tls.certificatePath, etcd.tls.keyPath)
    if let plain = etcd.endpoints.first(where: { $0.scheme == .http }) {
      let secure = EtcdEndpoint(scheme: .https, host: plain.host, port: plain.port)
      let what = "\(plain) is in clear, and etcd.tls.enabled or etcd.grpc_insecure asks for TLS"
      let origin = given["etcd.endpoints"]?.origin
      report("etcd.endpoints", what, mend: "write: endpoints: [\"\(secure)\"]", at: origin)
    }
  }

  /// A certificate and its key go together.
  private mutating func checkPair(_ section: String, _ certificate: String, _ key: String) {
    let paths = ["\(section).certificate_path": certificate, "\(section).key_path": key]
    checkFiles(paths)
    guard certificate.isEmpty != key.isEmpty else { return }
    let (has, lacks) = certificate.isEmpty ? ("key_path", "certificate_path") : ("certificate_path", "key_path")
    let origin = given["\(section).\(has)"]?.origin
    let example = Settings.byPath["\(section).\(lacks)"]?.example ?? ""
    report("\(section).\(has)", "is given without \(lacks)", mend: "write: \(lacks): \(example)", at: origin)
  }

  private mutating func checkFiles(_ files: [String: String]) {
    for (path, file) in files.sorted(by: { $0.key < $1.key }) where !file.isEmpty {
      guard unsafe access(file, R_OK) != 0 else { continue }
      let what = "\"\(printable(file))\" cannot be read (\(unsafe String(cString: strerror(errno))))"
      report(path, what, mend: "name a file that syncd may read", at: given[path]?.origin)
    }
  }

  private mutating func checkPasswordFiles() {
    let secrets = [
      "database.password_file": configuration.database.password, "etcd.password_file": configuration.etcd.password,
    ]
    for (path, secret) in secrets.sorted(by: { $0.key < $1.key }) where given[path] != nil {
      do {
        _ = try secret.read()
      } catch {
        report(path, error.reason, mend: "name a file that holds the password", at: given[path]?.origin)
      }
    }
  }

  /// The rows' keys may not begin like those of our own state.
  private mutating func checkKeys() {
    let (etcd, key) = (configuration.etcd, configuration.sync.key)
    let state = Array("/\(etcd.statePath)/".utf8)
    guard key.root(path: etcd.path).starts(with: state) else { return }
    let path = given["etcd.path"] == nil ? "etcd.state_path" : "etcd.path"
    let what = "the rows' keys would lie under etcd.state_path (/\(printable(etcd.statePath))/)"
    report(path, what, mend: "write: state_path: _sync, and another path", at: given[path]?.origin)
  }
}
