// SPDX-License-Identifier: Apache-2.0
public import Wire

extension PostgresConnection {
  public static let resultBytesMaxDefault = 64 << 20

  /// Runs statements by the simple protocol; the rows come as text. Of several statements the last result set stays.
  @discardableResult
  public func query(
    _ text: String, deadline: Deadline, resultBytesMax: Int = resultBytesMaxDefault
  ) throws(PostgresError) -> QueryResult {
    try session.beginQuery(text)
    var result = QueryResult()
    try wait(until: deadline) { () throws(PostgresError) in
      try session.pollQuery(into: &result, resultBytesMax: resultBytesMax)
    }
    return result
  }
}
