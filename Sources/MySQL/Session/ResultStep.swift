// SPDX-License-Identifier: Apache-2.0

/// How far a result has come.
package enum ResultStep: Equatable, Sendable {
  /// OK, ERR or the number of columns is awaited.
  case head
  /// So many definitions are awaited.
  case columns(Int)
  /// EOF behind the definitions.
  case columnsEnd
  case rows
}

/// How far the answer to COM_STMT_PREPARE has come.
package enum PrepareStep: Equatable, Sendable {
  case head
  case parameters(Int)
  case parametersEnd
  case columns(Int)
  case columnsEnd
}
