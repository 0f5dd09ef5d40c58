// SPDX-License-Identifier: Apache-2.0

internal import Logging

/// One event as one line. Whatever the message and the metadata hold, nothing in them ends the line, moves a terminal's
/// cursor or looks like another field.
struct LogLine {
  var time: LogTime
  var level: LogLevel
  var message: String
  var metadata: Logger.Metadata

  private static let ownKeys = ["time", "level", "message"]

  /// With the line's end.
  func rendered(as format: LogFormat) -> String {
    let fields = metadata.sorted { $0.key < $1.key }.map { key, value in
      (LogLine.ownKeys.contains(key) ? key + "_" : key, value)
    }
    switch format {
    case .text:
      var line = "time=\(time.text) level=\(level.rawValue) message=\(LogText.value(message))"
      for (key, value) in fields { line += " \(LogText.key(key))=\(LogText.value(LogText.flat(value)))" }
      return line + "\n"
    case .json:
      var line = "{\"time\":\"\(time.text)\",\"level\":\"\(level.rawValue)\",\"message\":\(LogText.quoted(message))"
      for (key, value) in fields { line += ",\(LogText.quoted(key)):\(LogText.json(value))" }
      return line + "}\n"
    }
  }
}

/// The pieces of a line.
enum LogText {
  /// As it is, if it is one plain word; else in quotes with escapes, which are JSON's.
  static func value(_ text: String) -> String {
    let isWord = text.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case " ", "\"", "=", "\\": false
      default: !mustEscape(scalar)
      }
    }
    return isWord && !text.isEmpty ? text : quoted(text)
  }

  /// A key cannot be quoted: what does not belong in one becomes `_`.
  static func key(_ text: String) -> String {
    String(
      text.map { character in
        character.isASCII && (character.isLetter || character.isNumber || "_.-".contains(character)) ? character : "_"
      })
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if mustEscape(scalar) {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  /// Control characters, C1 ones among them (0x9B begins a terminal's command), and Unicode's line ends.
  private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029: true
    default: false
    }
  }

  static func flat(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string(let text): text
    case .stringConvertible(let value): value.description
    case .array, .dictionary: json(value)
    }
  }

  static func json(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string(let text): return quoted(text)
    case .stringConvertible(let value):
      let isBare = value is any BinaryInteger || value is Bool || (value as? Double)?.isFinite == true
      return isBare ? value.description : quoted(value.description)
    case .array(let values): return "[\(values.map(json).joined(separator: ","))]"
    case .dictionary(let members):
      let members = members.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(json($0.value))" }
      return "{\(members.joined(separator: ","))}"
    }
  }
}
