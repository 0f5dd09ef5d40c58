// SPDX-License-Identifier: Apache-2.0

/// How a value's text becomes JSON: PostgreSQL's `json_categorize_type`, with our options applied.
enum JSONForm: UInt8, BitwiseCopyable {
  /// Everything that no other case names, dates too: their text is the same in ISO and XSD style.
  case string
  case number
  case boolean
  case timestamp
  case timestampWithZone
  /// json and jsonb: embedded as printed.
  case json
  case array
  /// int2vector and oidvector: arrays to `row_to_json`, printed as `1 2 3`.
  case vector
  case composite
  case hstore
  /// A bytea column; inside arrays and composites bytea is `string`.
  case base64
  case hex
  /// A column that is replaced by the hex SHA-256 of its text.
  case digest
  /// A column that is left out.
  case excluded

  /// The form of a scalar type; arrays and the vectors are not asked here.
  init(builtIn oid: UInt32, isColumn: Bool, _ options: ValueOptions) {
    switch oid {
    case 16: self = .boolean
    case 20: self = options.bigint == .number ? .number : .string
    case 1700: self = options.decimal == .number ? .number : .string
    case 21, 23, 700, 701: self = .number
    case 1114: self = .timestamp
    case 1184: self = .timestampWithZone
    case 114, 3802: self = .json
    case 17 where isColumn: self = options.binary == .base64 ? .base64 : .hex
    default: self = .string
    }
  }

  /// Whether its JSON is a string whose raw text is what a key holds.
  var isString: Bool {
    switch self {
    case .string, .timestamp, .timestampWithZone, .base64, .hex, .digest: true
    case .number, .boolean, .json, .array, .vector, .composite, .hstore, .excluded: false
    }
  }
}
