// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension ByteWriter {
  /// INET4: `192.0.2.1`.
  mutating func append(inet4 bytes: RawSpan) {
    for index in 0..<min(4, bytes.byteCount) {
      if index > 0 { append(0x2E as UInt8) }
      append(digits: UInt64(bytes[index]))
    }
  }

  /// INET6 as MariaDB prints it: the first of the longest runs of zero groups is `::`, a single group too, and an
  /// address that carries an IPv4 address ends in its text.
  mutating func append(inet6 bytes: RawSpan) {
    precondition(bytes.byteCount == 16)
    let gap = bytes.longestZeroGroups
    let carriesInet4 =
      gap.lowerBound == 0 && (gap.count == 6 || gap.count == 5 && bytes[10] == 0xFF && bytes[11] == 0xFF)
    var index = 0
    while index < 8 {
      if index == gap.lowerBound, !gap.isEmpty {
        append((index == 0 ? "::" : ":") as StaticString)
        index = gap.upperBound
      } else if index == 6, carriesInet4 {
        append(inet4: bytes.extracting(12..<16))
        return
      } else {
        append(hexGroup: bytes.bigEndian(index * 2, 2))
        index += 1
        if index < 8 { append(0x3A as UInt8) }
      }
    }
  }

  private mutating func append(hexGroup value: UInt64) {
    var isStarted = false
    for shift in stride(from: 12 as UInt64, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: value >> shift) & 0x0F
      if digit != 0 || shift == 0 { isStarted = true }
      if isStarted { append(UInt8.hexDigit(digit)) }
    }
  }

  /// UUID. MariaDB stores it as it is printed. (The first releases that had the type stored the five segments in
  /// reverse; nothing in the log tells, so a table of that time must be rebuilt to be followed.)
  mutating func append(uuid bytes: RawSpan) {
    precondition(bytes.byteCount == 16)
    for (start, end) in [(0, 4), (4, 6), (6, 8), (8, 10), (10, 16)] {
      if start > 0 { append(0x2D as UInt8) }
      append(hex: bytes.extracting(start..<end))
    }
  }
}

extension RawSpan {
  fileprivate var longestZeroGroups: Range<Int> {
    var longest = 0..<0
    var start = 0
    for index in 0...8 where index == 8 || bigEndian(index * 2, 2) != 0 {
      if index - start > longest.count { longest = start..<index }
      start = index + 1
    }
    return longest
  }
}
