// SPDX-License-Identifier: Apache-2.0
extension BackendMessage {
  /// The message's name and tag, for errors.
  package var label: String {
    switch self {
    case .other(let tag, _): BackendMessage.label(of: tag)
    default: message.map { BackendMessage.label(of: type(of: $0).tag) } ?? ""
    }
  }

  /// As `label`, from the tag alone.
  package static func label(of tag: UInt8) -> String {
    let name: StaticString? =
      switch tag {
      case Backend.Authentication.tag: Backend.Authentication.name
      case Backend.BackendKeyData.tag: Backend.BackendKeyData.name
      case Backend.ParameterStatus.tag: Backend.ParameterStatus.name
      case Backend.ReadyForQuery.tag: Backend.ReadyForQuery.name
      case Backend.RowDescription.tag: Backend.RowDescription.name
      case Backend.DataRow.tag: Backend.DataRow.name
      case Backend.CommandComplete.tag: Backend.CommandComplete.name
      case Backend.EmptyQueryResponse.tag: Backend.EmptyQueryResponse.name
      case Backend.ErrorResponse.tag: Backend.ErrorResponse.name
      case Backend.NoticeResponse.tag: Backend.NoticeResponse.name
      case Backend.CopyInResponse.tag: Backend.CopyInResponse.name
      case Backend.CopyOutResponse.tag: Backend.CopyOutResponse.name
      case Backend.CopyBothResponse.tag: Backend.CopyBothResponse.name
      case Copy.CopyData.tag: Copy.CopyData.name
      case Copy.CopyDone.tag: Copy.CopyDone.name
      case Backend.NotificationResponse.tag: Backend.NotificationResponse.name
      case Backend.NegotiateProtocolVersion.tag: Backend.NegotiateProtocolVersion.name
      case Backend.ParseComplete.tag: Backend.ParseComplete.name
      case Backend.BindComplete.tag: Backend.BindComplete.name
      case Backend.CloseComplete.tag: Backend.CloseComplete.name
      case Backend.NoData.tag: Backend.NoData.name
      case Backend.PortalSuspended.tag: Backend.PortalSuspended.name
      case Backend.ParameterDescription.tag: Backend.ParameterDescription.name
      default: nil
      }
    if let name { return "\(name)" }
    let digits = String(tag, radix: 16)
    return "a message with the unknown tag 0x\(digits.utf8.count == 1 ? "0" : "")\(digits)"
  }
}
