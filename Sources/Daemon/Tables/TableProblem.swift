// SPDX-License-Identifier: Apache-2.0

/// Why a table that is chosen cannot be followed, and what to type to mend it.
struct TableProblem: Error, Equatable {
  enum Cause {
    /// `tables.without_key` says what is done with it.
    case missingKey
    /// The configuration asks for what is not there.
    case configuration
    /// What the database has become.
    case database
  }

  /// By its name alone.
  var reference: TableReference
  var text: String
  var mend: String
  var cause = Cause.database

  var table: String { reference.name }

  /// - Parameter keys: what a key could be, and is not there.
  static func missingKey(of reference: TableReference, identifier: String, keys: String) -> TableProblem {
    TableProblem(
      reference: reference, text: "\(reference.name) has \(keys) and no entry in tables.keys",
      mend: "ALTER TABLE \(identifier) ADD PRIMARY KEY (…); or tables.keys: {\"\(reference.name)\": [column]}, "
        + "or tables.without_key: skip", cause: .missingKey)
  }
}

extension Sequence {
  /// The tables to follow, and what stands in the way of others.
  func examined<Chosen>(
    _ examine: (Element) throws(TableProblem) -> Chosen
  ) -> (tables: [Chosen], problems: [TableProblem]) {
    var chosen: [Chosen] = []
    var problems: [TableProblem] = []
    for table in self {
      do throws(TableProblem) {
        chosen.append(try examine(table))
      } catch {
        problems.append(error)
      }
    }
    return (chosen, problems)
  }
}
