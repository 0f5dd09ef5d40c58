// SPDX-License-Identifier: Apache-2.0
import Daemon
import Etcd
import Testing
import Wire

/// S13: an unchanged TOAST value is taken from what the key holds.
@Suite struct RowPlanSpliceTests {
  let writer: RowWriter
  init() throws { writer = try RowWriter([("id", 23), ("big", 25), ("n\"x", 3802), ("z", 25)]) }

  @Test func S13holesAreFilledFromTheEarlierValue() throws {
    let earlier = try writer.value(["1", "l\"ong, \"big\":{}", #"{"big": [1, "}"], "z": 2}"#, "old"])
    let (value, holes) = try writer.valueAndHoles(["1", .unchanged, .unchanged, "new"])
    #expect(holes.map(\.column) == [1, 2])
    let (filled, unresolved) = try splice(value, holes, over: earlier)
    #expect(unresolved.isEmpty)
    #expect(filled == #"{"id":1,"big":"l\"ong, \"big\":{}","n\"x":{"big": [1, "}"], "z": 2},"z":"new"}"#)
  }

  @Test func whatIsMissingStaysAHole() throws {
    let (value, holes) = try writer.valueAndHoles(["1", .unchanged, .unchanged, .unchanged])
    let (merged, unresolved) = try splice(value, holes, over: #"{"z" : "z!" ,"id":0, "big":null}"#)
    #expect(merged == #"{"id":1,"big":null,"n\"x":null,"z":"z!"}"#)
    #expect(unresolved.map(\.column) == [2])
    let (filled, none) = try splice(merged, unresolved, over: #"{"n\"x":[]}"#)
    #expect(filled == #"{"id":1,"big":null,"n\"x":[],"z":"z!"}"#)
    #expect(none.isEmpty)
  }

  @Test func aHoleOverAHoleStaysOne() throws {
    let (first, firstHoles) = try writer.valueAndHoles(["1", .unchanged, #"{"a": 1}"#, .unchanged])
    let (second, secondHoles) = try writer.valueAndHoles(["1", .unchanged, .unchanged, "set"])
    let (merged, holes) = try splice(second, secondHoles, over: first, firstHoles)
    #expect(merged == #"{"id":1,"big":null,"n\"x":{"a": 1},"z":"set"}"#)
    #expect(holes.map(\.column) == [1])
    let (filled, unresolved) = try splice(merged, holes, over: #"{"id":1,"big":"toast","n\"x":null,"z":""}"#)
    #expect(filled == #"{"id":1,"big":"toast","n\"x":{"a": 1},"z":"set"}"#)
    #expect(unresolved.isEmpty)
  }

  @Test(arguments: [
    "", "[]", "nul", "{", "{}x", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1 "b":2}"#, #"{"a":01}"#, #"{"a":"\x"}"#,
    #"{"a":"\u12"}"#, "{\"a\":\"\n\"}", #"{"a":[1,]}"#, #"{"a":[1}}"#, #"{"a":{"b":1]}"#, #"{"a":tru}"#, #"{"a":-}"#,
    #"{"a":1.}"#,
    #"{"a":1e}"#, #"{a:1}"#, #"{"a":"#, #"{"a":"x}"#, #"{"a":[[[["#, #"{,}"#,
  ])
  func malformedEarlierValueThrows(_ earlier: String) throws {
    let (value, holes) = try writer.valueAndHoles(["1", .unchanged, nil, nil])
    #expect(throws: WireError.self) { try splice(value, holes, over: earlier) }
  }

  @Test func depthCostsNoStack() throws {
    let (value, holes) = try writer.valueAndHoles(["1", .unchanged, nil, nil])
    let deep = String(repeating: #"[{"a":"#, count: 100_000) + "1" + String(repeating: "}]", count: 100_000)
    #expect(
      try splice(value, holes, over: "{\"n\":\(deep),\"big\":2}").value == #"{"id":1,"big":2,"n\"x":null,"z":null}"#)
    #expect(throws: WireError.self) { try splice(value, holes, over: "{\"n\":\(deep)],\"big\":2}") }
    #expect(throws: WireError.self) {
      try splice(value, holes, over: "{\"n\":" + String(repeating: "[", count: 200_000))
    }
  }

  private func splice(
    _ value: String, _ holes: [ValueHole], over earlier: String, _ earlierHoles: [ValueHole] = []
  ) throws -> (value: String, unresolved: [ValueHole]) {
    var out = ByteWriter()
    out.append("before" as StaticString)
    var unresolved: [ValueHole] = []
    let (value, earlier) = (Array(value.utf8), Array(earlier.utf8))
    try writer.plan.splice(
      value.span.bytes, holes.span, over: earlier.span.bytes, earlierHoles.span, into: &out, unresolved: &unresolved)
    return (String(decoding: out.bytes.extracting(6..<out.count)), unresolved)
  }
}
