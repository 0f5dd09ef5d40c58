// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension PostgresSession {
  /// Sends a simple query. `isReady` is the caller's to see to.
  public func beginQuery(_ text: String) throws(PostgresError) {
    try send(query: text, entering: .query)
  }

  package func send(query text: String, entering next: Phase) throws(PostgresError) {
    guard phase == .ready else {
      throw failure(.refused("a query cannot be sent while \(phase.activity)"))
    }
    guard !text.utf8.contains(0) else { throw failure(.refused("a query cannot contain a zero byte")) }
    Frontend.Query(text: text).encodeFrame(to: &output.writer)
    phase = next
  }

  /// Goes on with the query: true once the server is ready again and `result` complete, false while bytes are missing.
  /// The server's error is thrown when it is ready again, so the session can be used at once.
  ///
  /// Of several statements the last result set stays. Rows above `resultBytesMax` bytes are dropped and the query ends
  /// with an error, because what we ask for is always small: large results are for COPY.
  public func pollQuery(into result: inout QueryResult, resultBytesMax: Int) throws(PostgresError) -> Bool {
    while let message = try nextMessage() {
      switch message {
      case .rowDescription(let description): result.begin(description)
      case .dataRow(let row): result.append(row, bytesMax: resultBytesMax)
      case .commandComplete(let complete): result.commandTag = complete.commandTag
      case .emptyQueryResponse: result.commandTag = ""
      case .errorResponse(let response): try received(response)
      case .copyInResponse:
        // A COPY FROM STDIN that slipped in: end it, the server answers with an error.
        Frontend.CopyFail(reason: "no data is sent here").encodeFrame(to: &output.writer)
      case .copyOutResponse, .copyData, .copyDone: break
      case .readyForQuery(let ready):
        try becomeReady(ready.status)
        if result.isOverflown {
          throw failure(.refused("the result of a query is larger than \(resultBytesMax) bytes"))
        }
        return true
      case .authentication, .backendKeyData, .parameterStatus, .noticeResponse, .copyBothResponse,
        .notificationResponse, .negotiateProtocolVersion, .parseComplete, .bindComplete, .closeComplete, .noData,
        .portalSuspended, .parameterDescription, .other:
        throw unexpected(message)
      }
    }
    return false
  }
}
