// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

/// Asks the server what characters are that we have no table for: it is the authority on its character sets.
struct CharacterAnswers {
  let connection: MySQLConnection
  let sets: CharacterSets

  func learn(_ request: CharacterRequest) throws(PipelineFailure) {
    let result: TextResult
    do throws(MySQLError) {
      result = try connection.query(request.sql, deadline: .after(.seconds(30)))
    } catch {
      throw .source(error)
    }
    guard let answer = result.rows.first?.first ?? nil else {
      throw .sourceViolation("the server does not say what its characters are (\(request.name))")
    }
    do throws(WireError) {
      try sets.learn(request, answer)
    } catch {
      throw .sourceViolation("what the server says of its characters (\(request.name)): \(error)")
    }
  }
}
