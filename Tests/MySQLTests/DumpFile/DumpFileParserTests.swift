// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

@Suite struct DumpFileParserTests {
  typealias Failure = DumpFileError<DumpFileRecord.Failure>

  /// Feeds a whole file; what arrives is always taken, wherever it was cut.
  private func read(
    _ file: [UInt8], _ feed: DripFeed = .whole, schema: String = "", into record: inout DumpFileRecord
  ) throws(Failure) -> DumpFilePosition {
    let input = ReceiveBuffer()
    var parser = DumpFileParser(schema: schema)
    for piece in feed.pieces(of: file) {
      input.append(piece.span.bytes)
      var result = DumpFileResult.paused
      while result == .paused || result == .located {
        result = try parser.drain(from: input, into: &record)
        if result == .located {
          #expect(parser.position.file != nil && record.rows.isEmpty)
        }
      }
      #expect(result == .finished || input.count == 0)
    }
    do throws(WireError) { try parser.end() } catch { throw .malformed(error) }
    return parser.position
  }

  private static let names = ["mysql-9.7", "mariadb-10.5", "mariadb-10.11", "mariadb-11.8"]

  private func expected(_ name: String) throws -> [String] {
    try Fixture.text("mysqldump/\(name).expected.txt").split(separator: "\n").map(String.init)
  }

  /// The same bytes as the server's own HEX() gives, for every row, however the file arrives.
  @Test(arguments: names, DripFeed.all)
  func rowsAreTheServers(_ name: String, _ feed: DripFeed) throws {
    var record = DumpFileRecord()
    let position = try read(try Fixture.bytes("mysqldump/\(name)-tool.sql"), feed, into: &record)
    #expect(record.rows.sorted() == (try expected(name)).sorted())
    #expect(record.definitions.contains("shop.a`b'c\"d;e"))
    #expect(record.definitions.contains("od`d.t"))
    let kinds = try #require(record.tables.first { $0.name == "kinds" })
    #expect(kinds.columns.count == 23 && kinds.columns.first == "id" && kinds.columns.last == "zf")
    #expect(position.file?.hasPrefix("binlog.00000") == true && position.offset > 1000)
    if name.hasPrefix("mysql") {
      let sets = try #require(position.gtidSet).split(separator: ",")
      #expect(sets.count == 3 && sets.contains { $0.hasSuffix(":auto:1-2") })
      #expect(sets.contains("8e9c9e6c-1111-11ee-a0a0-000000000001:7:mytag:1"))
      #expect(position.gtidPosition == nil)
    } else {
      let parts = try #require(position.gtidPosition).split(separator: ",")
      #expect(parts.count == 2 && parts.contains { $0.hasPrefix("3-") && $0.hasSuffix("-2") })
      #expect(position.gtidSet == nil)
    }
  }

  /// Options of an operator's own: bytes as strings, positions as statements, no USE, no names of columns.
  @Test(arguments: names, DripFeed.all)
  func plainFilesHoldTheSameRows(_ name: String, _ feed: DripFeed) throws {
    var record = DumpFileRecord()
    let position = try read(try Fixture.bytes("mysqldump/\(name)-plain.sql"), feed, schema: "shop", into: &record)
    let tables = ["kinds", "gen", "parts", "extra"].map { "shop.\($0) " }
    let wanted = try expected(name).filter { line in tables.contains { line.hasPrefix($0) } }
    #expect(record.rows.sorted() == wanted.sorted())
    #expect(position.file != nil)
    #expect((position.gtidSet ?? position.gtidPosition) != nil)
  }

  @Test(arguments: DripFeed.all)
  func stopsAfterARowAndGoesOn(_ feed: DripFeed) throws {
    let file = try Fixture.bytes("mysqldump/mariadb-11.8-tool.sql")
    var whole = DumpFileRecord()
    _ = try read(file, into: &whole)
    var record = DumpFileRecord()
    record.pausesAfterEachRow = true
    _ = try read(file, feed, into: &record)
    #expect(record.rows == whole.rows && record.tables == whole.tables)
  }

  @Test func readsOverTablesThatAreNotWanted() throws {
    var record = DumpFileRecord()
    record.unwanted = ["kinds", "gen", "parts", "extra", "gipk"]
    _ = try read(try Fixture.bytes("mysqldump/mysql-9.7-tool.sql"), into: &record)
    #expect(record.rows.map { $0.prefix { $0 != " " } } == ["shop.a`b'c\"d;e", "shop.a`b'c\"d;e", "od`d.t", "od`d.t"])
  }

  @Test func aSinkThatThrowsEndsIt() throws {
    var record = DumpFileRecord()
    record.refusesRow = 3
    let file = try Fixture.bytes("mysqldump/mysql-9.7-tool.sql")
    do throws(Failure) {
      _ = try read(file, into: &record)
      Issue.record("it went on")
    } catch {
      guard case .sink(.refused) = error else { throw error }
    }
    #expect(record.rows.count == 3)
  }

  /// Wherever the tool was killed: no row is made up, and the end is an error.
  @Test(arguments: names)
  func cutFilesAreErrors(_ name: String) throws {
    let file = try Fixture.bytes("mysqldump/\(name)-tool.sql")
    var whole = DumpFileRecord()
    _ = try read(file, into: &whole)
    for length in stride(from: 0, to: file.count - 1, by: 7) {
      var record = DumpFileRecord()
      #expect(throws: Failure.self, "cut at \(length)") {
        _ = try self.read(Array(file[..<length]), into: &record)
      }
      #expect(record.rows == Array(whole.rows.prefix(record.rows.count)))
    }
  }

  /// Bytes changed at random: an error, or other values, but never a trap.
  @Test(arguments: names)
  func changedBytesNeverTrap(_ name: String) throws {
    let file = try Fixture.bytes("mysqldump/\(name)-tool.sql")
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    let marks = Array("'\"`\\;(),-/*0xNb_! \n\0".utf8)
    for _ in 0..<400 {
      var changed = file
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let at = Int.random(in: 0..<changed.count, using: &generator)
        changed[at] =
          Bool.random(using: &generator) ? marks.randomElement(using: &generator)! : UInt8.random(in: 0...255)
      }
      var record = DumpFileRecord()
      _ = try? read(changed, .pieces(seed: generator.next()), into: &record)
    }
  }
}
