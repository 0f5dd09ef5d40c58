// SPDX-License-Identifier: Apache-2.0

/// The status that a server put into the trailers, with its words.
package struct GRPCStatus: Equatable {
  package var code: GRPCStatusCode
  package var message: String

  package init(code: GRPCStatusCode, message: String) {
    self.code = code
    self.message = message
  }

  /// From trailers, or from the headers of a trailers-only answer; nil if there is no grpc-status.
  package init?(_ fields: [HeaderField]) {
    guard let status = fields.last(where: { $0.isNamed("grpc-status") }), let code = Int(status.valueText) else {
      return nil
    }
    let message = fields.last { $0.isNamed("grpc-message") }?.value ?? []
    self.init(code: GRPCStatusCode(code), message: Self.decodePercent(message))
  }

  /// "The value portion of Status-Message is conceptually a Unicode string description of the error, physically encoded
  /// as UTF-8 followed by percent-encoding. … When decoding invalid values, implementations MUST NOT error or throw
  /// away the message." (gRPC over HTTP2)
  static func decodePercent(_ text: [UInt8]) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "%"), index + 2 < text.count,
        let high = hexDigit(text[index + 1]), let low = hexDigit(text[index + 2])
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(text[index])
        index += 1
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }

  private static func hexDigit(_ octet: UInt8) -> UInt8? {
    switch octet {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
