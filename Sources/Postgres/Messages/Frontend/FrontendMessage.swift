// SPDX-License-Identifier: Apache-2.0
package import Wire

/// Any message of the client with a tag. The three that share `p` are told apart by what the server asked for.
package enum FrontendMessage: Sendable, Equatable {
  case query(Frontend.Query)
  case parse(Frontend.Parse)
  case bind(Frontend.Bind)
  case describe(Frontend.Describe)
  case close(Frontend.Close)
  case execute(Frontend.Execute)
  case sync(Frontend.Sync)
  case flush(Frontend.Flush)
  case copyData(Copy.CopyData)
  case copyDone(Copy.CopyDone)
  case copyFail(Frontend.CopyFail)
  case terminate(Frontend.Terminate)
  case password(Frontend.PasswordMessage)
  case saslInitialResponse(Frontend.SASLInitialResponse)
  case saslResponse(Frontend.SASLResponse)
  /// A tag that we do not know, kept with its bytes.
  case other(tag: UInt8, body: [UInt8])

  /// `request` is the server's latest Authentication request.
  package init(
    tag: UInt8, body: RawSpan, after request: Backend.Authentication.Request = .ok
  ) throws(WireError) {
    switch tag {
    case Frontend.PasswordMessage.tag:
      switch request {
      case .sasl: self = .saslInitialResponse(try Frontend.SASLInitialResponse(body: body))
      case .saslContinue: self = .saslResponse(try Frontend.SASLResponse(body: body))
      case .cleartextPassword, .md5Password: self = .password(try Frontend.PasswordMessage(body: body))
      case .ok, .saslFinal, .other: self = .other(tag: tag, body: body.array)
      }
    case Frontend.Query.tag: self = .query(try Frontend.Query(body: body))
    case Frontend.Parse.tag: self = .parse(try Frontend.Parse(body: body))
    case Frontend.Bind.tag: self = .bind(try Frontend.Bind(body: body))
    case Frontend.Describe.tag: self = .describe(try Frontend.Describe(body: body))
    case Frontend.Close.tag: self = .close(try Frontend.Close(body: body))
    case Frontend.Execute.tag: self = .execute(try Frontend.Execute(body: body))
    case Frontend.Sync.tag: self = .sync(try Frontend.Sync(body: body))
    case Frontend.Flush.tag: self = .flush(try Frontend.Flush(body: body))
    case Copy.CopyData.tag: self = .copyData(try Copy.CopyData(body: body))
    case Copy.CopyDone.tag: self = .copyDone(try Copy.CopyDone(body: body))
    case Frontend.CopyFail.tag: self = .copyFail(try Frontend.CopyFail(body: body))
    case Frontend.Terminate.tag: self = .terminate(try Frontend.Terminate(body: body))
    default: self = .other(tag: tag, body: body.array)
    }
  }

  package func encodeFrame(to writer: inout ByteWriter) {
    if case .other(let tag, let body) = self {
      writer.append(tag)
      writer.lengthPrefixed(Int32.self, includingItself: true) { $0.append(body) }
    } else if let message {
      message.encodeFrame(to: &writer)
    }
  }

  /// The message inside, nil for `.other`.
  package var message: (any Message)? {
    switch self {
    case .query(let message): message
    case .parse(let message): message
    case .bind(let message): message
    case .describe(let message): message
    case .close(let message): message
    case .execute(let message): message
    case .sync(let message): message
    case .flush(let message): message
    case .copyData(let message): message
    case .copyDone(let message): message
    case .copyFail(let message): message
    case .terminate(let message): message
    case .password(let message): message
    case .saslInitialResponse(let message): message
    case .saslResponse(let message): message
    case .other: nil
    }
  }
}
