// SPDX-License-Identifier: Apache-2.0
package import Wire

/// Writes what stands for a text in columns that are hashed.
package typealias TextDigest = (_ text: RawSpan, _ out: inout ByteWriter) -> Void

extension ByteWriter {
  /// The hex SHA-256 of `text`, in lower case: 32 bytes appended and spread in place to 64 digits.
  package mutating func append(hexSHA256Of text: RawSpan) {
    let start = count
    Digest.sha256.hash(text, into: &self)
    let size = count - start
    unsafe appendUnsafe(upTo: size) { _ in size }
    unsafe withUnsafeMutableBytes { bytes in
      for index in stride(from: size - 1, through: 0, by: -1) {
        let byte = unsafe bytes[start + index]
        unsafe bytes[start + 2 * index] = UInt8.hexDigit(byte >> 4)
        unsafe bytes[start + 2 * index + 1] = UInt8.hexDigit(byte & 0x0F)
      }
    }
  }
}
