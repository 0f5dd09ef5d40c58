// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

/// Asks the server what characters are that we have no table for: it is the authority on its character sets.
struct CharacterAnswers {
  let connection: MySQLConnection
  let sets: CharacterSets

  func learn(_ request: CharacterRequest) throws(PipelineFailure) {
    let answer: TextResult
    do throws(MySQLError) {
      answer = try connection.query(request.statement, deadline: .after(.seconds(30)))
    } catch {
      throw .source(error)
    }
    do throws(WireError) {
      try sets.learn(request, answer.rows)
    } catch {
      throw .sourceViolation("what the server says of its characters: \(error)")
    }
  }
}
