// SPDX-License-Identifier: Apache-2.0
package import Wire

/// Lists that several messages share: values with a length each (-1 for null) and format codes.
extension ByteReader {
  /// Int16 count, then for each value an Int32 length (-1: null) and as many bytes.
  @_lifetime(self: copy self)
  package mutating func values() throws(WireError) -> [[UInt8]?] {
    let count = Int(try bigEndian(Int16.self))
    guard count >= 0 else { throw WireError(.badLength(count), offset: offset &- 2) }
    var result: [[UInt8]?] = []
    for _ in 0..<count {
      let length = Int(try bigEndian(Int32.self))
      if length == -1 {
        result.append(nil)
      } else {
        result.append(try bytes(length).array)
      }
    }
    return result
  }

  /// Int16 count and as many Int16 format codes.
  @_lifetime(self: copy self)
  package mutating func formatCodes() throws(WireError) -> [Int16] {
    let count = Int(try bigEndian(Int16.self))
    guard count >= 0 else { throw WireError(.badLength(count), offset: offset &- 2) }
    var result: [Int16] = []
    for _ in 0..<count { result.append(try bigEndian()) }
    return result
  }
}

extension ByteWriter {
  package mutating func append(values: [[UInt8]?]) {
    append(bigEndian: Int16(values.count))
    for value in values {
      if let value {
        append(bigEndian: Int32(value.count))
        append(value)
      } else {
        append(bigEndian: -1 as Int32)
      }
    }
  }

  package mutating func append(formatCodes codes: [Int16]) {
    append(bigEndian: Int16(codes.count))
    for code in codes { append(bigEndian: code) }
  }
}
