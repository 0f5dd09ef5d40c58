// SPDX-License-Identifier: Apache-2.0
import Support

@testable import MySQL

/// What one server's catalogue and log say of the same tables (Fixtures/mysql-catalogue).
struct CatalogueFixture {
  static let names = ["mysql-9.7", "mariadb-10.5", "mariadb-10.11", "mariadb-11.8"]

  var version = ServerVersion(.mysql, 0)
  var answers: [[[String?]]] = []
  var maps: [TableMap] = []

  var collations: CollationDirectory { CollationDirectory(rows: answers.first ?? []) }
  var catalogue: SchemaCatalogue {
    SchemaCatalogue(answers: Array(answers.dropFirst()), version: version, collations: collations)
  }

  init(_ name: String) throws {
    for line in try Fixture.text("mysql-catalogue/\(name).catalogue.txt").split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      switch fields[0] {
      case "version": version = ServerVersion(fields[1])
      case "answer": answers.append([])
      case "row": answers[answers.count - 1].append(fields.dropFirst().map(Self.value))
      case "map":
        var map = TableMap(tableID: 1, flags: 0, schema: fields[1], table: fields[2], columns: [])
        map.metadata.primaryKey = fields[3].isEmpty ? nil : fields[3].split(separator: ",").compactMap { Int($0) }
        map.metadata.columnNames = []
        map.metadata.isUnsigned = []
        map.metadata.collations = []
        map.metadata.labels = []
        maps.append(map)
      default: Self.append(column: fields, to: &maps[maps.count - 1])
      }
    }
  }

  private static func append(column fields: [String], to map: inout TableMap) {
    map.columns.append(
      TableMap.Column(
        type: ColumnType(rawValue: UInt8(fields[1]) ?? 0), metadata: UInt16(fields[2]) ?? 0,
        isNullable: fields[3] == "1"))
    map.metadata.isUnsigned?.append(fields[4] == "1")
    map.metadata.collations?.append(UInt16(fields[5]) ?? 0)
    map.metadata.columnNames?.append(fields[6])
    map.metadata.labels?.append(fields[7].split(separator: ",").map(hexadecimal))
  }

  private static func hexadecimal(_ text: Substring) -> [UInt8] {
    stride(from: 0, to: text.utf8.count, by: 2).compactMap { UInt8(text.dropFirst($0).prefix(2), radix: 16) }
  }

  /// The client's escapes: `\n`, `\t`, `\\`; a null is the word.
  static func value(_ field: String) -> String? {
    if field == "NULL" { return nil }
    var text = ""
    var isEscaped = false
    for character in field {
      if isEscaped {
        text.append(character == "n" ? "\n" : character == "t" ? "\t" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return text
  }
}
