// SPDX-License-Identifier: Apache-2.0
import Daemon
import Support
import Testing
import Wire

@Suite struct JSONPatchTests {
  private func patched(_ document: String, _ differences: [UInt8]) throws -> String {
    var patch = JSONPatch()
    var out = ByteWriter()
    let text = Array(document.utf8)
    try patch.apply(differences.span.bytes, to: text.span.bytes, into: &out)
    return String(decoding: out.bytes)
  }

  /// S27: what the server logged as differences makes of the text before the text after, to the byte.
  @Test func S27_differencesGiveWhatTheServerHas() throws {
    let lines = try Fixture.text("mysql-values/patches.tsv").split(separator: "\n")
    #expect(lines.count > 50)
    for line in lines {
      let fields = line.split(separator: "\t")
      #expect(try patched(String(fields[0]), Array(hex: fields[1])) == String(fields[2]))
    }
  }

  /// Operation, path, value with their lengths.
  private func difference(_ operation: UInt8, _ path: String, _ value: [UInt8] = [4, 1]) -> [UInt8] {
    [operation, UInt8(path.utf8.count)] + Array(path.utf8) + (operation == 2 ? [] : [UInt8(value.count)] + value)
  }

  @Test func membersAndElementsAtTheEnds() throws {
    #expect(try patched(#"{}"#, difference(1, "$.a")) == #"{"a":true}"#)
    #expect(try patched(#"{"b":1}"#, difference(1, "$.a")) == #"{"a":true,"b":1}"#)
    #expect(try patched(#"{"b":1}"#, difference(1, "$.c")) == #"{"b":1,"c":true}"#)
    #expect(try patched(#"{"b":1,"aaa":2}"#, difference(1, "$.cc")) == #"{"b":1,"cc":true,"aaa":2}"#)
    #expect(try patched(#"{"\u0001":1,"aaa":2}"#, difference(1, "$.b")) == #"{"\u0001":1,"b":true,"aaa":2}"#)
    #expect(try patched("[]", difference(1, "$[0]")) == "[true]")
    #expect(try patched("[1]", difference(1, "$[0]")) == "[true,1]")
    #expect(try patched("[1]", difference(1, "$[7]")) == "[1,true]")
    #expect(try patched(#"{"a":1}"#, difference(2, "$.a")) == "{}")
    #expect(try patched(#"{"a":1,"b":2}"#, difference(2, "$.a")) == #"{"b":2}"#)
    #expect(try patched(#"{"a":1,"b":2}"#, difference(2, "$.b")) == #"{"a":1}"#)
    #expect(try patched("[1,2,3]", difference(2, "$[1]")) == "[1,3]")
    #expect(try patched("[1]", difference(2, "$[last]")) == "[]")
    #expect(try patched("[1,[2]]", difference(0, "$[1][0]")) == "[1,[true]]")
    #expect(try patched("1", difference(0, "$")) == "true")
    #expect(try patched("[1]", difference(2, "$[0]") + difference(1, "$[0]")) == "[true]")
  }

  @Test(arguments: [
    ("{}", 2, "$.a"), ("{}", 0, "$.a"), ("[]", 0, "$[0]"), ("1", 1, "$.a"), ("1", 1, "$[1]"), ("{}", 1, "$"),
    ("{}", 2, "$"), (#"{"a":1}"#, 1, "$.a"), ("[1]", 0, "$.a"), (#"{"a":1}"#, 0, "$[0]"), ("", 0, "$"), ("[1", 0, "$"),
    (#"{"a":1"#, 0, "$.a"), ("[1,]", 0, "$[1]"), ("null,", 0, "$"),
  ])
  func whatDoesNotFitThrows(_ document: String, _ operation: Int, _ path: String) {
    #expect(throws: WireError.self) { try patched(document, difference(UInt8(operation), path)) }
  }
}
