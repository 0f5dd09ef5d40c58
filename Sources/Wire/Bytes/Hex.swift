// SPDX-License-Identifier: Apache-2.0

@inlinable
func hexDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &- 10 &+ value
}

extension ByteWriter {
  /// Two lower-case digits a byte.
  @inlinable
  public mutating func append(hex bytes: RawSpan) {
    unsafe appendUnsafe(upTo: bytes.byteCount * 2) { out in
      for index in 0..<bytes.byteCount {
        let byte = bytes[index]
        unsafe out[index &* 2] = hexDigit(byte &>> 4)
        unsafe out[index &* 2 &+ 1] = hexDigit(byte & 0xF)
      }
      return bytes.byteCount * 2
    }
  }
}

extension String {
  /// Two lower-case digits a byte.
  public init(hex bytes: [UInt8]) {
    var writer = ByteWriter(capacity: bytes.count * 2)
    unsafe writer.append(hex: bytes.span.bytes)
    self.init(decoding: writer.bytes)
  }
}
