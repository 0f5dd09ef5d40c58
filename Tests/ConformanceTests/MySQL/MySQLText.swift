// SPDX-License-Identifier: Apache-2.0
import MySQL
import Wire

/// A message as one line for people: name, then what is in it.
enum MySQLText {
  static func name(_ decoded: MySQLConversation.Decoded) -> String {
    switch decoded {
    case .message(let message): "\(type(of: message).name)"
    case .execute: "\(Command.StatementExecute.name)"
    case .binaryRow: "BinaryRow"
    case .event: "Event"
    case .other: "Other"
    }
  }

  static func text(_ decoded: MySQLConversation.Decoded) -> String {
    let rest: String =
      switch decoded {
      case .message(let message): text(message)
      case .execute(let execute): "\(execute.statementID) flags \(execute.flags) \(execute.parameters)"
      case .binaryRow(let values): row(values)
      case .event(let event): "type \(event.count > 4 ? "\(event[4])" : "?"), \(event.count) bytes"
      case .other: ""
      }
    return rest.isEmpty ? name(decoded) : "\(name(decoded)) \(rest)"
  }

  private static func text(_ message: any Message) -> String {
    switch message {
    case let m as Login.Handshake:
      return "\(m.serverVersion) connection \(m.connectionID) capabilities \(hex(m.capabilities.rawValue))"
        + " collation \(m.collation) status \(hex(m.status.rawValue)) \(m.plugin) \(value(m.pluginData))"
    case let m as Login.SSLRequest: return head(m)
    case let m as Login.HandshakeResponse:
      let attributes = m.attributes.map { " \($0.name)=\($0.value)" }.joined()
      return "\(m.user) \(head(m.head)) schema \"\(m.schema)\" \(m.plugin) \(value(m.authentication))"
        + " zstd \(m.zstdLevel)\(attributes)"
    case let m as Login.AuthSwitchRequest: return "\(m.plugin) \(value(m.pluginData))"
    case let m as Login.AuthMoreData: return value(m.pluginData)
    case let m as Login.AuthResponse: return value(m.pluginData)
    case let m as Reply.OK:
      return "\(m.endsRows ? "(end) " : "")affected \(m.affectedRows) inserted \(m.lastInsertID)"
        + " status \(hex(m.status.rawValue)) warnings \(m.warnings)\(m.info.isEmpty ? "" : " \(value(m.info))")"
        + (m.sessionState.map { " state \(value($0))" } ?? "")
    case let m as Reply.Failure: return "\(m.number) \(m.sqlState) \(value(m.text))"
    case let m as Reply.EndOfFile: return "status \(hex(m.status.rawValue)) warnings \(m.warnings)"
    case let m as Reply.ColumnCount: return "\(m.count)" + (m.metadataFollows.map { " metadata \($0)" } ?? "")
    case let m as Reply.ResultColumn:
      let extended = m.extendedMetadata.isEmpty ? "" : " \(value(m.extendedMetadata))"
      return "\(m.schema).\(m.table)(\(m.originalTable)).\(m.column)(\(m.originalColumn)) type \(m.type.rawValue)"
        + " length \(m.length) collation \(m.collation) flags \(hex(m.flags)) decimals \(m.decimals)\(extended)"
    case let m as Reply.TextRow: return row(m.values)
    case let m as Reply.Prepared:
      return "\(m.statementID) columns \(m.columnCount) parameters \(m.parameterCount) warnings \(m.warnings)"
    default: return command(message)
    }
  }

  private static func command(_ message: any Message) -> String {
    switch message {
    case let m as Command.Query: value(Array(m.text.utf8))
    case let m as Command.InitDB: m.schema
    case let m as Command.StatementPrepare: value(Array(m.text.utf8))
    case let m as Command.StatementClose: "\(m.statementID)"
    case let m as Command.StatementReset: "\(m.statementID)"
    case let m as Command.RegisterReplica: "server \(m.serverID) \"\(m.host)\" port \(m.port)"
    case let m as Command.BinlogDump: "server \(m.serverID) flags \(m.flags) \"\(m.file)\" at \(m.position)"
    case let m as Command.BinlogDumpGTID:
      "server \(m.serverID) flags \(m.flags) \"\(m.file)\" at \(m.position) set \(value(m.set))"
    default: ""
    }
  }

  private static func head(_ head: Login.SSLRequest) -> String {
    "capabilities \(hex(head.capabilities.rawValue)) longest \(head.payloadBytesMax) collation \(head.collation)"
  }

  private static func hex(_ number: some FixedWidthInteger) -> String { "0x" + String(number, radix: 16) }

  private static func row(_ values: [[UInt8]?]) -> String {
    "(" + values.map { $0.map(value) ?? "NULL" }.joined(separator: ", ") + ")"
  }

  /// Text in quotes, cut in the middle where it is long; bytes that are no text in hexadecimal.
  static func value(_ bytes: [UInt8]) -> String {
    guard let text = String(validating: bytes, as: UTF8.self),
      text.unicodeScalars.allSatisfy({ $0.value >= 32 || $0 == "\n" })
    else { return "0x" + String(hex: bytes) }
    let shown = text.count <= 160 ? text : "\(text.prefix(80))…\(text.suffix(40)) (\(bytes.count) bytes)"
    return "\"" + shown.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
  }
}
