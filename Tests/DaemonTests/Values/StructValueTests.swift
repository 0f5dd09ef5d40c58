// SPDX-License-Identifier: Apache-2.0
import Daemon
import Etcd
import Support
import Testing
import Wire

@Suite struct StructValueTests {
  @Test func bytesAreThoseOfAnIndependentEncoder() throws {
    let lines = try Fixture.bytes("struct/structs.tsv").split(separator: 0x0A)
    #expect(lines.count > 50)
    for line in lines {
      let parts = line.split(separator: 0x09, maxSplits: 1, omittingEmptySubsequences: false)
      let (bytes, _) = try transcode(Array(parts[1]))
      #expect(hex(bytes) == String(decoding: parts[0], as: UTF8.self), "\(String(decoding: parts[1], as: UTF8.self))")
    }
  }

  @Test func numbersBeyondDoubleStayDigits() throws {
    #expect(hex(try transcode(Array(#"{"a":1e999}"#.utf8)).bytes) == "0a0c0a016112071a053165393939")
  }

  @Test func halfSurrogatesBecomeReplacementCharacters() throws {
    #expect(hex(try transcode(Array(#"{"a":"\ud83dx"}"#.utf8)).bytes) == "0a0b0a016112061a04efbfbd78")
  }

  @Test func S13holesAreFilledFromTheEarlierStruct() throws {
    let writer = try RowWriter([("id", 23), ("big", 25), ("j", 3802), ("z", 25)])
    let earlier = try transcode(Array(try writer.value(["1", "toast", #"{"big": "no"}"#, "old"]).utf8)).bytes
    let (value, holes) = try writer.valueAndHoles(["1", .unchanged, .unchanged, "new"])
    let (bytes, structHoles) = try transcode(Array(value.utf8), holes)
    #expect(structHoles.map(\.column) == [1, 2])
    let whole = try transcode(Array(try writer.value(["1", "toast", #"{"big": "no"}"#, "new"]).utf8)).bytes
    #expect(try splice(bytes, structHoles, earlier, writer).bytes == whole)

    // What the earlier one lacks stays a hole of the result, to be filled by a yet earlier one.
    let partial = try transcode(Array(#"{"big":"toast"}"#.utf8)).bytes
    let (merged, unresolved) = try splice(bytes, structHoles, partial, writer)
    #expect(unresolved.map(\.column) == [2])
    #expect(try splice(merged, unresolved, earlier, writer).bytes == whole)
  }

  @Test func malformedStructThrows() throws {
    let writer = try RowWriter([("id", 23), ("big", 25)])
    let (value, holes) = try writer.valueAndHoles(["1", .unchanged])
    let (bytes, structHoles) = try transcode(Array(value.utf8), holes)
    let earlier = try transcode(Array(try writer.value(["1", "toast"]).utf8)).bytes
    // 17 bytes are the whole entry of `id`.
    for length in 1..<earlier.count where length != 17 {
      #expect(throws: WireError.self, "\(length)") {
        try splice(bytes, structHoles, Array(earlier.prefix(length)), writer)
      }
    }
    for bad: [UInt8] in [[0x0B], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x0F, 1]] {
      #expect(throws: WireError.self) { try splice(bytes, structHoles, bad, writer) }
    }
  }

  @Test func deepDocumentsThrow() throws {
    let deep = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
    _ = try transcode(Array("{\"a\":\(deep(999))}".utf8))
    #expect(throws: WireError.self) { try transcode(Array("{\"a\":\(deep(100_000))}".utf8)) }
  }

  private func transcode(
    _ json: [UInt8], _ holes: [ValueHole] = []
  ) throws -> (bytes: [UInt8], holes: [ValueHole]) {
    var out = ByteWriter()
    out.append("before" as StaticString)
    var structHoles: [ValueHole] = []
    try StructValue.transcode(json.span.bytes, holes.span, into: &out, structHoles: &structHoles)
    return (out.bytes.extracting(6..<out.count).array, structHoles)
  }

  private func splice(
    _ value: [UInt8], _ holes: [ValueHole], _ earlier: [UInt8], _ writer: RowWriter
  ) throws -> (bytes: [UInt8], unresolved: [ValueHole]) {
    var out = ByteWriter()
    out.append("before" as StaticString)
    var unresolved: [ValueHole] = []
    try StructValue.splice(
      value.span.bytes, holes.span, over: earlier.span.bytes, into: &out,
      unresolved: &unresolved, name: { writer.plan.columns[$0].name })
    return (out.bytes.extracting(6..<out.count).array, unresolved)
  }

  private func hex(_ bytes: [UInt8]) -> String {
    String(bytes.flatMap { [$0 >> 4, $0 & 15] }.map { Character(String($0, radix: 16)) })
  }
}
