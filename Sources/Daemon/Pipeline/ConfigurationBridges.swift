// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Wire

// What the other rooms want to know of the configuration, in their own types.

extension EtcdConfiguration {
  var clientConfiguration: Etcd.EtcdConfiguration {
    let password = self.password
    return Etcd.EtcdConfiguration(
      endpoints: endpoints.map(\.description), username: username,
      password: { password.isGiven ? try password.read() : nil }, tls: usesTLS ? tlsConfiguration : nil,
      serverName: tls.serverName, dialTimeout: dialTimeout, requestTimeout: requestTimeout)
  }

  private var tlsConfiguration: TLSConfiguration {
    var files = TLSConfiguration()
    files.verify = .full
    files.caPath = tls.trustedCAPath
    files.certificatePath = tls.certificatePath
    files.keyPath = tls.keyPath
    return files
  }
}

extension DatabaseTLSConfiguration {
  /// The files; what is verified follows from the mode.
  var files: TLSConfiguration {
    var files = TLSConfiguration()
    files.caPath = caPath
    files.certificatePath = certificatePath
    files.keyPath = keyPath
    return files
  }
}

extension SyncConfiguration {
  var valueOptions: ValueOptions {
    ValueOptions(
      bigint: bigint == .string ? .string : .number, decimal: decimal == .string ? .string : .number,
      binary: binary == .hex ? .hex : .base64)
  }
}
