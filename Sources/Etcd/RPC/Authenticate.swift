// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Asks for a token. Its description leaves the password out.
public struct AuthenticateRequest: EtcdRequest {
  public typealias Response = AuthenticateResponse
  public static var path: String { "/etcdserverpb.Auth/Authenticate" }
  /// Nothing but a new token comes of it.
  public var isReadOnly: Bool { true }
  public static var wantsToken: Bool { false }

  public var name: String
  public var password: String

  public init(name: String = "", password: String = "") {
    self.name = name
    self.password = password
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): name = try reader.text()
      case (2, .bytes): password = try reader.text()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, text: name)
    writer.field(2, text: password)
  }
}

/// The answer to `AuthenticateRequest`.
public struct AuthenticateResponse: EtcdMessage {
  public var header: ResponseHeader
  /// Sent as the metadata `token` with every call; a secret.
  public var token: String

  public init(header: ResponseHeader = ResponseHeader(), token: String = "") {
    self.header = header
    self.token = token
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .bytes): token = try reader.text()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    writer.field(2, text: token)
  }
}

extension AuthenticateRequest: CustomStringConvertible, CustomReflectable {
  public var description: String { "AuthenticateRequest(name: \(name), password: (secret))" }
  public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

extension AuthenticateResponse: CustomStringConvertible, CustomReflectable {
  public var description: String { "AuthenticateResponse(token: (secret))" }
  public var customMirror: Mirror { Mirror(self, children: ["header": header]) }
}
