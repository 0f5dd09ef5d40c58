// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// How a column is asked for, and what its answer means.
enum MySQLColumnKind {
  case integer, bit, decimal, float, double, text, set, json, date, dateTime, timestamp, time, bytes, geometry, vector

  /// `type` is information_schema's data_type.
  init(type: String) throws {
    switch type {
    case "tinyint", "smallint", "mediumint", "int", "bigint", "year": self = .integer
    case "bit": self = .bit
    case "decimal": self = .decimal
    case "float": self = .float
    case "double": self = .double
    case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "inet4", "inet6", "uuid": self = .text
    case "set": self = .set
    case "json": self = .json
    case "date": self = .date
    case "datetime": self = .dateTime
    case "timestamp": self = .timestamp
    case "time": self = .time
    case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob": self = .bytes
    case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
      "geometrycollection", "geomcollection":
      self = .geometry
    case "vector": self = .vector
    default: throw CommandError(description: "the oracle does not know the type \(type)")
    }
  }

  /// SQL for the column's value: hexadecimal digits, but of a number with a point its text.
  func expression(_ column: String) -> String {
    switch self {
    // Without the zeros of ZEROFILL.
    case .integer: "HEX(CAST(\(column) + 0 AS CHAR))"
    case .bit: "HEX(CAST(CAST(\(column) AS UNSIGNED) AS CHAR))"
    // As it is: a function would be given 22 characters of it, and 17 digits can need 24.
    case .float, .double: "CAST(\(column) AS DOUBLE)"
    case .text, .set: "HEX(CONVERT(\(column) USING utf8mb4))"
    case .decimal, .json, .date, .dateTime, .timestamp, .time: "HEX(CAST(\(column) AS CHAR))"
    case .bytes, .vector: "HEX(\(column))"
    case .geometry: "CONCAT(ST_SRID(\(column)), ':', HEX(\(column)))"
    }
  }

  func value(_ hexadecimal: Substring) throws -> MySQLValueText {
    if self == .geometry {
      let parts = hexadecimal.split(separator: ":")
      // Behind the four bytes of the SRID.
      let form = try Data(bytes(parts[1]).dropFirst(4)).base64EncodedString()
      return .verbatim(#"{"srid":\#(parts[0]),"wkb":"\#(form)"}"#)
    }
    let bytes = self == .float || self == .double ? Array(hexadecimal.utf8) : try bytes(hexadecimal)
    let text = String(decoding: bytes, as: UTF8.self)
    switch self {
    case .integer, .bit: return .verbatim(text)
    case .decimal: return .verbatim(Self.withoutLeadingZeros(text))
    case .float: return .verbatim(MySQLValueText.number(Float(try Self.double(text))))
    // The server prints the shortest digits itself.
    case .double: return .verbatim(text)
    case .text, .date, .time: return .string(text)
    case .set:
      let labels = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
      return .verbatim("[" + labels.map { MySQLValueText.string(String($0)).json }.joined(separator: ",") + "]")
    case .json: return .verbatim(Self.compact(bytes))
    case .dateTime: return .string(text.replacingOccurrences(of: " ", with: "T"))
    case .timestamp: return .string(text.replacingOccurrences(of: " ", with: "T") + "+00:00")
    case .bytes: return .string(Data(bytes).base64EncodedString())
    case .vector:
      let numbers = stride(from: 0, to: bytes.count - 3, by: 4).map { start in
        let pattern = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) }
        return MySQLValueText.number(Float(bitPattern: pattern))
      }
      return .verbatim("[" + numbers.joined(separator: ",") + "]")
    case .geometry: return .null
    }
  }

  private func bytes(_ hexadecimal: Substring) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in hexadecimal.utf8 {
      guard let half = UInt8(hexadecimalDigit: digit) else {
        throw CommandError(description: "no hexadecimal digits: \(hexadecimal.prefix(40))")
      }
      if let before = high { bytes.append(before << 4 | half) }
      high = high == nil ? half : nil
    }
    return bytes
  }

  private static func double(_ text: String) throws -> Double {
    guard let value = Double(text) else { throw CommandError(description: "no number: \(text)") }
    return value
  }

  /// Of a DECIMAL with ZEROFILL.
  private static func withoutLeadingZeros(_ text: String) -> String {
    var rest = text[...]
    while rest.hasPrefix("0"), rest.dropFirst().first?.isNumber == true { rest.removeFirst() }
    return String(rest)
  }

  /// Without the white space that is outside of strings.
  private static func compact(_ json: [UInt8]) -> String {
    var bytes: [UInt8] = []
    var isInString = false
    var isEscaped = false
    for byte in json {
      if !isInString, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { continue }
      bytes.append(byte)
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = isInString
      } else if byte == UInt8(ascii: "\"") {
        isInString.toggle()
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// One value as it must stand in etcd.
enum MySQLValueText {
  case null
  case string(String)
  /// JSON as it is.
  case verbatim(String)

  var json: String {
    switch self {
    case .null: return "null"
    case .verbatim(let text): return text
    case .string(let text):
      var result = "\""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\u{8}": result += "\\b"
        case "\u{C}": result += "\\f"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case "\0"..<" ": result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        default: result.unicodeScalars.append(scalar)
        }
      }
      return result + "\""
    }
  }

  /// As a part of a key.
  var keyText: String {
    switch self {
    case .string(let text): text
    case .null, .verbatim: json
    }
  }

  /// The shortest digits that read back to the same float, written as the server writes a DOUBLE with these digits:
  /// without an exponent from 1e-15 up to 15 digits before the point.
  static func number(_ value: Float) -> String {
    let parts = "\(value.magnitude)".split(separator: "e")
    let halves = parts[0].split(separator: ".")
    let fraction = halves.count > 1 && halves[1] != "0" ? halves[1] : ""
    let all = halves[0] + fraction
    let leading = all.prefix { $0 == "0" }.count
    var digits = all.dropFirst(leading)
    // The number is 0.DIGITS times ten to this power.
    let point = halves[0].count - leading + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    while digits.last == "0" { digits.removeLast() }
    let sign = value.sign == .minus ? "-" : ""
    if digits.isEmpty { return sign + "0" }
    if point < -14 || point > 15 && point >= digits.count {
      let rest = digits.dropFirst()
      return sign + digits.prefix(1) + (rest.isEmpty ? "" : "." + rest) + "e\(point - 1)"
    }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if point >= digits.count { return sign + digits + String(repeating: "0", count: point - digits.count) }
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
  }
}

extension UInt8 {
  fileprivate init?(hexadecimalDigit digit: UInt8) {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self = digit - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self = digit - UInt8(ascii: "A") + 10
    default: return nil
    }
  }
}
