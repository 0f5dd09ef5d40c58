// SPDX-License-Identifier: Apache-2.0
internal import MySQL

/// What a field's bytes are, in one of the three forms, and so what is done to print them.
enum ValueOperation: UInt8, BitwiseCopyable {
  /// Little-endian integers of the field's length.
  case signed
  case unsigned
  /// YEAR in the log: a byte, 0 or years since 1900.
  case year
  case bits
  case float
  case double
  case packedDecimal
  /// Numbers as decimal text, perhaps with zeros in front (ZEROFILL).
  case integerText
  case decimalText
  case floatText
  case doubleText
  /// UTF-8 already.
  case utf8
  /// A text in the column's character set.
  case encoded
  case base64
  case hex
  /// Bytes as they are: what is hashed of a binary column.
  case bytes
  /// The number of a label, and a bit for each label.
  case label
  case labelSet
  /// A SET's labels, joined by commas.
  case labelSetText
  case binaryJSON
  case serverJSON
  /// A text of MariaDB's that should be JSON: in UTF-8, in the column's character set.
  case jsonText
  case encodedJSON
  case loggedDate
  case loggedTimestamp
  case loggedDateTime
  case loggedTime
  case oldTimestamp
  case oldDateTime
  case oldTime
  case resultDate
  case resultDateTime
  case resultTime
  case dateText
  case dateTimeText
  case geometry
  case vector
  case inet4
  case inet6
  case uuid
}

/// The operations for each form, and what they need to know of the column. Small, because it is copied for each value.
struct MySQLColumnPlan: BitwiseCopyable {
  enum Quotes: UInt8, BitwiseCopyable {
    /// The text is JSON.
    case none
    /// A string in which nothing needs an escape.
    case plain
    case escaped
  }

  var log: ValueOperation
  var result: ValueOperation
  var literal: ValueOperation
  var quotes = Quotes.none
  var treatment = RowPlan.Column.Treatment.include
  /// The log's bytes are packed (MariaDB's compressed columns).
  var isCompressed = false
  /// TIMESTAMP also prints its zone.
  var hasZone = false
  /// Of a second's fraction.
  var fractionDigits: UInt8 = 0
  /// BINARY(n) and what MariaDB stores as such: the log leaves zeros at the end away.
  var paddedCount: Int32 = 0
  var decimal = PackedDecimal(precision: 1, scale: 0)
  var encoding = CharacterEncoding.binary
  /// Where the column's labels begin in the plan's, and how many there are.
  var labels: Int32 = 0
  var labelCount: Int32 = 0
  var literalPlace = MemberLiterals.Place(start: 0, count: 0)

  init(_ operation: ValueOperation, result: ValueOperation? = nil, literal: ValueOperation? = nil) {
    log = operation
    self.result = result ?? operation
    self.literal = literal ?? self.result
  }

  /// Whether the log's bytes are not yet what the operation reads.
  @inline(__always)
  var isPrepared: Bool { isCompressed || paddedCount > 0 }

  @inline(__always)
  func operation(_ form: MySQLRowPlan.Form) -> ValueOperation {
    switch form {
    case .log: log
    case .result: result
    case .literal: literal
    }
  }
}
