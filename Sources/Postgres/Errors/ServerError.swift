// SPDX-License-Identifier: Apache-2.0
/// What the server says went wrong, field by field ("Error and Notice Message Fields").
public struct ServerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// ERROR, FATAL, PANIC and so on, never translated where the server is 9.6 or later.
  public var severity: String
  /// The SQLSTATE, five characters.
  public var sqlState: String
  public var message: String
  public var detail: String?
  public var hint: String?
  /// Counted in characters from 1, in the query as it was sent.
  public var position: Int?
  public var context: String?
  public var schema: String?
  public var table: String?
  public var column: String?
  public var dataType: String?
  public var constraint: String?

  package init(_ fields: DiagnosticFields) {
    severity = fields["V"] ?? fields["S"] ?? ""
    sqlState = fields["C"] ?? ""
    message = fields["M"] ?? ""
    detail = fields["D"]
    hint = fields["H"]
    position = fields["P"].flatMap { Int($0) }
    context = fields["W"]
    schema = fields["s"]
    table = fields["t"]
    column = fields["c"]
    dataType = fields["d"]
    constraint = fields["n"]
  }

  /// The session does not outlive it.
  public var endsSession: Bool { severity == "FATAL" || severity == "PANIC" }

  public var description: String {
    var text = "\(severity) \(sqlState): \(message)"
    if let detail { text += "; \(detail)" }
    if let hint { text += "; hint: \(hint)" }
    return text
  }
}
