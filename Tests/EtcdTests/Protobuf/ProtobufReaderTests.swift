// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@testable import Etcd

@Suite struct ProtobufReaderTests {
  /// Varints that are not in their shortest form are accepted: our own transactions use them.
  @Test func readsPaddedLengths() throws {
    let message = bytes(hex: "0a 828000 6162 10 8100")
    var reader = ProtobufReader(message.span.bytes)
    #expect(try reader.next() == ProtobufTag(field: 1, shape: .bytes))
    #expect(try reader.text() == "ab")
    #expect(try reader.next() == ProtobufTag(field: 2, shape: .varint))
    #expect(try reader.unsigned() == 1)
    #expect(try reader.next() == nil)
  }

  @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, 3_000_000]) func lengthsOfAnySizeArePatched(_ count: Int) throws {
    let item = KeyValue(value: [UInt8](repeating: 5, count: count))
    let message = RangeResponse(keyValues: [item, KeyValue(key: [1])])
    let back = try RangeResponse(from: message.encoded.span.bytes)
    #expect(back.keyValues == [item, KeyValue(key: [1])])
  }

  @Test func namesWhatIsWrong() {
    let message = bytes(hex: "0a ffffffff07")
    let error = #expect(throws: WireError.self) { try KeyValue(from: message.span.bytes) }
    #expect(error?.offset == 1 && error.map { "\($0)".contains("2147483647") } == true)
  }
}
