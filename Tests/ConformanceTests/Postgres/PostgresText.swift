// SPDX-License-Identifier: Apache-2.0
import Postgres
import Wire

/// A message as one line for people: name, then what is in it.
struct PostgresText: Equatable {
  var text: String
  /// The message's name in the documentation.
  var name: String { String(text.prefix { $0 != " " }) }

  init(_ text: String) {
    self.text = text
  }

  init(_ message: InitialMessage) {
    switch message {
    case .startup(let startup):
      let version = "\(startup.version >> 16).\(startup.version & 0xFFFF)"
      text = "StartupMessage \(version)"
      for parameter in startup.parameters { text += " \(parameter.name)=\(Self.quoted(parameter.value))" }
    case .ssl: text = "SSLRequest"
    case .gssEncryption: text = "GSSENCRequest"
    case .cancel(let cancel):
      text = "CancelRequest process \(cancel.processID) key \(Self.hexadecimal(cancel.secretKey))"
    }
  }

  init(_ message: FrontendMessage) {
    let name = message.message.map { "\(type(of: $0).name)" } ?? "Unknown"
    switch message {
    case .query(let query): text = "\(name) \(Self.quoted(query.text))"
    case .parse(let parse):
      text = "\(name) \(Self.quoted(parse.statement)) \(Self.quoted(parse.query)) types \(parse.parameterTypes)"
    case .bind(let bind):
      let values = bind.parameters.map { Self.value($0) }.joined(separator: ", ")
      text =
        "\(name) \(Self.quoted(bind.portal)) \(Self.quoted(bind.statement)) formats \(bind.parameterFormats)"
        + " (\(values)) results \(bind.resultFormats)"
    case .describe(let describe): text = "\(name) \(Self.tag(describe.kind)) \(Self.quoted(describe.target))"
    case .close(let close): text = "\(name) \(Self.tag(close.kind)) \(Self.quoted(close.target))"
    case .execute(let execute): text = "\(name) \(Self.quoted(execute.portal)) rows \(execute.rowsMax)"
    case .copyData(let data): text = "\(name) \(Self.value(data.data))"
    case .copyFail(let fail): text = "\(name) \(Self.quoted(fail.reason))"
    case .password(let password): text = "\(name) \(Self.quoted(password.password))"
    case .saslInitialResponse(let initial):
      text = "\(name) \(initial.mechanism) \(Self.value(initial.response))"
    case .saslResponse(let response): text = "\(name) \(Self.value(response.data))"
    case .sync, .flush, .copyDone, .terminate: text = name
    case .other(let tag, let body): text = "\(name) \(Self.tag(tag)) \(Self.value(body))"
    }
  }

  init(_ message: BackendMessage) {
    let name = message.message.map { "\(type(of: $0).name)" } ?? "Unknown"
    switch message {
    case .authentication(let authentication): text = "\(name) \(Self.request(authentication.request))"
    case .backendKeyData(let key): text = "\(name) process \(key.processID) key \(Self.hexadecimal(key.secretKey))"
    case .parameterStatus(let status): text = "\(name) \(status.parameter)=\(Self.quoted(status.value))"
    case .readyForQuery(let ready): text = "\(name) \(ready.status)"
    case .rowDescription(let description):
      text =
        name
        + description.fields.map { field in
          " \(Self.quoted(field.name)):\(field.type)/\(field.typeSize)/\(field.typeModifier)"
            + " table \(field.table).\(field.attribute) format \(field.format)"
        }.joined(separator: ",")
    case .dataRow(let row): text = "\(name) (\(row.values.map { Self.value($0) }.joined(separator: ", ")))"
    case .commandComplete(let complete): text = "\(name) \(complete.commandTag)"
    case .errorResponse(let response): text = "\(name) \(Self.fields(response.fields))"
    case .noticeResponse(let response): text = "\(name) \(Self.fields(response.fields))"
    case .copyInResponse(let response): text = "\(name) \(Self.format(response.format))"
    case .copyOutResponse(let response): text = "\(name) \(Self.format(response.format))"
    case .copyBothResponse(let response): text = "\(name) \(Self.format(response.format))"
    case .copyData(let data): text = "\(name) \(Self.value(data.data))"
    case .notificationResponse(let notification):
      text = "\(name) process \(notification.processID) \(notification.channel) \(Self.quoted(notification.payload))"
    case .negotiateProtocolVersion(let negotiate): text = "\(name) \(negotiate.version) \(negotiate.unknownOptions)"
    case .parameterDescription(let description): text = "\(name) \(description.types)"
    case .emptyQueryResponse, .copyDone, .parseComplete, .bindComplete, .closeComplete, .noData, .portalSuspended:
      text = name
    case .other(let tag, let body): text = "\(name) \(Self.tag(tag)) \(Self.value(body))"
    }
  }

  private static func request(_ request: Backend.Authentication.Request) -> String {
    switch request {
    case .ok: "ok"
    case .cleartextPassword: "cleartext"
    case .md5Password(let salt): "md5 salt \(hexadecimal(salt))"
    case .sasl(let mechanisms): "sasl \(mechanisms.joined(separator: " "))"
    case .saslContinue(let data): "continue \(value(data))"
    case .saslFinal(let data): "final \(value(data))"
    case .other(let code, let data): "\(code) \(value(data))"
    }
  }

  private static func fields(_ fields: DiagnosticFields) -> String {
    fields.fields.map { "\(tag($0.code)) \(quoted($0.value))" }.joined(separator: " ")
  }

  private static func format(_ format: CopyFormat) -> String { "overall \(format.overall) columns \(format.columns)" }

  // MARK: Values

  static func tag(_ byte: UInt8) -> String { String(UnicodeScalar(byte)) }

  /// Text in quotes with escapes, cut in the middle where it is long; bytes that are no text in hexadecimal.
  static func value(_ bytes: [UInt8]?) -> String {
    guard let bytes else { return "null" }
    guard let text = String(validating: bytes, as: UTF8.self),
      text.unicodeScalars.allSatisfy({ $0.value >= 32 || "\t\n\r".unicodeScalars.contains($0) })
    else { return "0x" + hexadecimal(bytes) }
    return quoted(text)
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in shortened(text).unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func shortened(_ text: String) -> String {
    text.count <= 160 ? text : "\(text.prefix(80))…\(text.count) characters…\(text.suffix(20))"
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let all = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    return all.count <= 160 ? all : "\(all.prefix(80))…\(bytes.count) bytes…\(all.suffix(20))"
  }
}
