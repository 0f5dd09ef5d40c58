// SPDX-License-Identifier: Apache-2.0
public import Wire

/// One bit for each column, the first in the lowest bit of the first byte.
@frozen
public struct ColumnBitmap: ~Escapable {
  public let bytes: RawSpan
  public let count: Int
  /// Every column has its bit set.
  public let isFull: Bool

  /// `bytes` are as many as `count` needs.
  @inlinable
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan, count: Int) {
    precondition(bytes.byteCount &* 8 >= count)
    self.bytes = bytes
    self.count = count
    var isFull = true
    for index in 0..<count >> 3 where bytes[index] != 0xFF { isFull = false }
    let rest = UInt8(count & 7)
    if rest > 0, bytes[count >> 3] | 0xFF << rest != 0xFF { isFull = false }
    self.isFull = isFull
  }

  @inlinable
  public subscript(column: Int) -> Bool {
    bytes[column >> 3] >> UInt8(truncatingIfNeeded: column & 7) & 1 != 0
  }

  /// How many columns have their bit set.
  @inlinable
  public var presentCount: Int {
    if isFull { return count }
    var sum = 0
    for column in 0..<count where self[column] { sum &+= 1 }
    return sum
  }
}
