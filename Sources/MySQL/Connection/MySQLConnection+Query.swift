// SPDX-License-Identifier: Apache-2.0
public import Wire

extension MySQLConnection {
  public static let resultBytesMaxDefault = 64 << 20

  /// Runs a statement by the text protocol. Rows above `resultBytesMax` bytes are dropped and the query ends with an
  /// error, because what we ask for this way is always small.
  @discardableResult
  public func query(
    _ text: String, deadline: Deadline, resultBytesMax: Int = resultBytesMaxDefault
  ) throws(MySQLError) -> TextResult {
    try session.beginQuery(text)
    var result = TextResult()
    try wait(until: deadline) { () throws(MySQLError) in
      try session.pollQuery(into: &result, resultBytesMax: resultBytesMax).whenDone
    }
    return result
  }

  /// Asks whether the server is there.
  public func ping(deadline: Deadline) throws(MySQLError) {
    try session.beginPing()
    try wait(until: deadline) { () throws(MySQLError) in try session.pollCommand().whenDone }
  }

  /// Changes the schema that unqualified names mean.
  public func use(schema: String, deadline: Deadline) throws(MySQLError) {
    try session.beginUse(schema)
    try wait(until: deadline) { () throws(MySQLError) in try session.pollCommand().whenDone }
  }
}
