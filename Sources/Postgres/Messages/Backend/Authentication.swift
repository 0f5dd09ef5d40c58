// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// What the server wants to see before it lets us in, or that it does.
  package struct Authentication: Message {
    package static let tag = UInt8(ascii: "R")
    package static let name: StaticString = "Authentication"

    package enum Request: Sendable, Equatable {
      case ok
      case cleartextPassword
      case md5Password(salt: [UInt8])
      /// The mechanisms on offer, the server's favourite first.
      case sasl(mechanisms: [String])
      case saslContinue(data: [UInt8])
      case saslFinal(data: [UInt8])
      /// Kerberos, GSSAPI, SSPI and what is to come: we cannot answer them, and say so.
      case other(code: Int32, data: [UInt8])
    }

    package var request: Request

    package init(request: Request) {
      self.request = request
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      let code = try reader.bigEndian(Int32.self)
      switch code {
      case 0: request = .ok
      case 3: request = .cleartextPassword
      case 5: request = .md5Password(salt: try reader.bytes(4).array)
      case 10:
        var mechanisms: [String] = []
        while true {
          let mechanism = try reader.string()
          if mechanism.isEmpty { break }
          mechanisms.append(mechanism)
        }
        request = .sasl(mechanisms: mechanisms)
      case 11: request = .saslContinue(data: reader.rest().array)
      case 12: request = .saslFinal(data: reader.rest().array)
      default: request = .other(code: code, data: reader.rest().array)
      }
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(bigEndian: code)
      switch request {
      case .ok, .cleartextPassword: break
      case .md5Password(let salt): writer.append(salt)
      case .sasl(let mechanisms):
        for mechanism in mechanisms { writer.append(cString: mechanism) }
        writer.append(0 as UInt8)
      case .saslContinue(let data), .saslFinal(let data), .other(_, let data): writer.append(data)
      }
    }

    package var code: Int32 {
      switch request {
      case .ok: 0
      case .cleartextPassword: 3
      case .md5Password: 5
      case .sasl: 10
      case .saslContinue: 11
      case .saslFinal: 12
      case .other(let code, _): code
      }
    }
  }
}
