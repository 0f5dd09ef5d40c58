// SPDX-License-Identifier: Apache-2.0
import MySQL
import Testing
import Wire

@Suite("Messages")
struct MessageTests {
  /// One of each, with all fields set.
  private static let messages: [any Message] = [
    Login.Handshake(
      serverVersion: "5.5.5-10.11.18-MariaDB", connectionID: 7, pluginData: Array(1...20) + [0],
      capabilities: [.protocol41, .pluginAuthentication, .secureConnection, .mariaDBCacheMetadata], collation: 45,
      status: [.autocommit], plugin: "mysql_native_password"),
    Login.SSLRequest(capabilities: [.ssl, .protocol41], payloadBytesMax: 1 << 24, collation: 45),
    Login.HandshakeResponse(
      head: Login.SSLRequest(
        capabilities: [
          .protocol41, .pluginAuthentication, .connectAttributes, .connectWithDatabase, .zstdCompression,
          .pluginAuthenticationLengthEncoded,
        ], payloadBytesMax: 1 << 24, collation: 45),
      user: "üser", authentication: [UInt8](repeating: 3, count: 300), schema: "s", plugin: "p",
      attributes: [.init("a", "b"), .init("c", "")], zstdLevel: 3),
    Login.AuthSwitchRequest(plugin: "p", pluginData: [1, 2, 0]), Login.AuthMoreData(pluginData: [4]),
    Login.AuthResponse(pluginData: [5]),
    Reply.OK(
      affectedRows: 300, lastInsertID: 70_000, status: .sessionStateChanged, warnings: 1, info: [1],
      sessionState: [2, 3]),
    Reply.Failure(number: 1064, sqlState: "42000", text: [65]), Reply.EndOfFile(warnings: 1, status: .moreResults),
    Reply.ColumnCount(count: 300), Reply.ResultColumn(column: "c", type: .json, length: 9, flags: 1, decimals: 2),
    Reply.TextRow(values: [nil, [], [1, 2]]),
    Reply.Prepared(statementID: 1, columnCount: 2, parameterCount: 3, warnings: 4),
    Command.Query(text: "SELECT 1"), Command.InitDB(schema: "s"), Command.Ping(), Command.Quit(),
    Command.StatementPrepare(text: "SELECT ?"), Command.StatementClose(statementID: 1),
    Command.StatementReset(statementID: 1), Command.StatementFetch(statementID: 1, rowCount: 2),
    Command.RegisterReplica(serverID: 5, host: "host", port: 6),
    Command.BinlogDump(position: 4, flags: 1, serverID: 2, file: "binlog.000001"),
    Command.BinlogDumpGTID(flags: 4, serverID: 2, file: "f", set: [1, 2]),
  ]

  private static func again<M: Message>(_ message: M, _ capabilities: Capabilities) throws -> (M, Bool) {
    let payload = message.payload(capabilities)
    let decoded = try M(payload: payload.span.bytes, capabilities)
    return (decoded, decoded == message && decoded.payload(capabilities) == payload)
  }

  @Test("each decodes to what was encoded, with and without what may be agreed on")
  func roundTrip() throws {
    for message in Self.messages {
      let (decoded, isSame) = try Self.again(message, [.sessionTrack, .queryAttributes, .deprecateEOF])
      #expect(isSame, "\(decoded)")
      if !(message is Reply.OK) {
        let (decoded, isSame) = try Self.again(message, [])
        #expect(isSame, "\(decoded)")
      }
    }
  }

  private static func cutEverywhere<M: Message>(_ message: M) {
    let payload = message.payload([])
    for size in 0..<payload.count {
      // What remains is an error, or a shorter message of the same kind; never a trap.
      let part = Array(payload.prefix(size))
      if let shorter = try? M(payload: part.span.bytes, []) {
        #expect(shorter != message)
      }
    }
  }

  @Test("every prefix of each is an error or a shorter message")
  func prefixes() {
    for message in Self.messages { Self.cutEverywhere(message) }
  }

  @Test("a MariaDB server's own capabilities count only where it does not call itself MySQL")
  func extendedCapabilities() throws {
    guard var handshake = Self.messages[0] as? Login.Handshake else { return }
    #expect(try Self.again(handshake, []).0.capabilities.contains(.mariaDBCacheMetadata))
    handshake.capabilities.insert(.longPassword)
    #expect(try Self.again(handshake, []).0.capabilities.contains(.mariaDBCacheMetadata) == false)
  }
}
