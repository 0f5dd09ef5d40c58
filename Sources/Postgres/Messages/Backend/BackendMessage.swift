// SPDX-License-Identifier: Apache-2.0
package import Wire

/// Any message of the server after the negotiation of TLS.
package enum BackendMessage: Sendable, Equatable {
  case authentication(Backend.Authentication)
  case backendKeyData(Backend.BackendKeyData)
  case parameterStatus(Backend.ParameterStatus)
  case readyForQuery(Backend.ReadyForQuery)
  case rowDescription(Backend.RowDescription)
  case dataRow(Backend.DataRow)
  case commandComplete(Backend.CommandComplete)
  case emptyQueryResponse(Backend.EmptyQueryResponse)
  case errorResponse(Backend.ErrorResponse)
  case noticeResponse(Backend.NoticeResponse)
  case copyInResponse(Backend.CopyInResponse)
  case copyOutResponse(Backend.CopyOutResponse)
  case copyBothResponse(Backend.CopyBothResponse)
  case copyData(Copy.CopyData)
  case copyDone(Copy.CopyDone)
  case notificationResponse(Backend.NotificationResponse)
  case negotiateProtocolVersion(Backend.NegotiateProtocolVersion)
  case parseComplete(Backend.ParseComplete)
  case bindComplete(Backend.BindComplete)
  case closeComplete(Backend.CloseComplete)
  case noData(Backend.NoData)
  case portalSuspended(Backend.PortalSuspended)
  case parameterDescription(Backend.ParameterDescription)
  /// A tag that we do not know, kept with its bytes.
  case other(tag: UInt8, body: [UInt8])

  package init(tag: UInt8, body: RawSpan) throws(WireError) {
    switch tag {
    case Backend.Authentication.tag: self = .authentication(try Backend.Authentication(body: body))
    case Backend.BackendKeyData.tag: self = .backendKeyData(try Backend.BackendKeyData(body: body))
    case Backend.ParameterStatus.tag: self = .parameterStatus(try Backend.ParameterStatus(body: body))
    case Backend.ReadyForQuery.tag: self = .readyForQuery(try Backend.ReadyForQuery(body: body))
    case Backend.RowDescription.tag: self = .rowDescription(try Backend.RowDescription(body: body))
    case Backend.DataRow.tag: self = .dataRow(try Backend.DataRow(body: body))
    case Backend.CommandComplete.tag: self = .commandComplete(try Backend.CommandComplete(body: body))
    case Backend.EmptyQueryResponse.tag: self = .emptyQueryResponse(try Backend.EmptyQueryResponse(body: body))
    case Backend.ErrorResponse.tag: self = .errorResponse(try Backend.ErrorResponse(body: body))
    case Backend.NoticeResponse.tag: self = .noticeResponse(try Backend.NoticeResponse(body: body))
    case Backend.CopyInResponse.tag: self = .copyInResponse(try Backend.CopyInResponse(body: body))
    case Backend.CopyOutResponse.tag: self = .copyOutResponse(try Backend.CopyOutResponse(body: body))
    case Backend.CopyBothResponse.tag: self = .copyBothResponse(try Backend.CopyBothResponse(body: body))
    case Copy.CopyData.tag: self = .copyData(try Copy.CopyData(body: body))
    case Copy.CopyDone.tag: self = .copyDone(try Copy.CopyDone(body: body))
    case Backend.NotificationResponse.tag: self = .notificationResponse(try Backend.NotificationResponse(body: body))
    case Backend.NegotiateProtocolVersion.tag:
      self = .negotiateProtocolVersion(try Backend.NegotiateProtocolVersion(body: body))
    case Backend.ParseComplete.tag: self = .parseComplete(try Backend.ParseComplete(body: body))
    case Backend.BindComplete.tag: self = .bindComplete(try Backend.BindComplete(body: body))
    case Backend.CloseComplete.tag: self = .closeComplete(try Backend.CloseComplete(body: body))
    case Backend.NoData.tag: self = .noData(try Backend.NoData(body: body))
    case Backend.PortalSuspended.tag: self = .portalSuspended(try Backend.PortalSuspended(body: body))
    case Backend.ParameterDescription.tag: self = .parameterDescription(try Backend.ParameterDescription(body: body))
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
    case .authentication(let message): message
    case .backendKeyData(let message): message
    case .parameterStatus(let message): message
    case .readyForQuery(let message): message
    case .rowDescription(let message): message
    case .dataRow(let message): message
    case .commandComplete(let message): message
    case .emptyQueryResponse(let message): message
    case .errorResponse(let message): message
    case .noticeResponse(let message): message
    case .copyInResponse(let message): message
    case .copyOutResponse(let message): message
    case .copyBothResponse(let message): message
    case .copyData(let message): message
    case .copyDone(let message): message
    case .notificationResponse(let message): message
    case .negotiateProtocolVersion(let message): message
    case .parseComplete(let message): message
    case .bindComplete(let message): message
    case .closeComplete(let message): message
    case .noData(let message): message
    case .portalSuspended(let message): message
    case .parameterDescription(let message): message
    case .other: nil
    }
  }
}
