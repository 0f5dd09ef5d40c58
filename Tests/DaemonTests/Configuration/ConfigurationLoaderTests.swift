// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Daemon

/// Reads a text as if it were the file `c.yml`.
func load(
  _ text: String, environment: [String: String] = [:], commandLine: [String: String] = [:]
) throws(ConfigurationError) -> Configuration {
  try Configuration.load(Array(text.utf8), named: "c.yml", environment: environment, commandLine: commandLine)
}

@Suite struct ConfigurationLoaderTests {
  @Test func defaults() throws {
    let configuration = try load("database: {name: shop}")
    #expect(configuration.database.names == ["shop"])
    #expect(configuration.database.port == 5432)
    #expect(configuration.etcd.requestBytesMax == 1_572_864)
    #expect(configuration.sync.key == .standard)
    #expect(configuration.remarks.isEmpty)
  }
}
