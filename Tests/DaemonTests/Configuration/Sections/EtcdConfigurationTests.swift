// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Daemon

@Suite struct EtcdConfigurationTests {
  @Test func anEndpointIsWrittenAsItIsRead() {
    #expect(EtcdEndpoint(scheme: nil, host: "a", port: 1).description == "a:1")
    #expect(EtcdEndpoint(scheme: .https, host: "::1", port: 2379).description == "https://[::1]:2379")
  }

  @Test func eachWayToAskForTLS() {
    #expect(!EtcdConfiguration().usesTLS)
    var asked = EtcdConfiguration()
    asked.tls.isEnabled = true
    #expect(asked.usesTLS)
    var insecure = EtcdConfiguration()
    insecure.grpcInsecure = false
    #expect(insecure.usesTLS)
    var secure = EtcdConfiguration()
    secure.endpoints = [EtcdEndpoint(scheme: .https, host: "a", port: 1)]
    #expect(secure.usesTLS)
  }
}

@Suite struct DatabaseConfigurationTests {
  @Test func thePortIsTheDriversUnlessGiven() {
    var database = DatabaseConfiguration()
    #expect(database.port == 5432)
    database.driver = .mysql
    #expect(database.port == 3306)
    database.givenPort = 1
    #expect(database.port == 1)
  }
}
