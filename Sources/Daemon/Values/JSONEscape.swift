// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension RawSpan {
  /// The first byte at or after `start` that a JSON string cannot hold as it is: `"`, `\` or a control character
  /// (RFC 8259, section 7); `byteCount` if there is none.
  func firstToEscape(from start: Int) -> Int {
    let end = byteCount
    var position = start
    precondition(start >= 0)
    while position &+ 16 <= end {
      let chunk = checkedChunk(position)
      if let hit = chunk.mustEscape.firstSet { return position &+ hit }
      position &+= 16
    }
    while position < end, !self[position].mustEscape { position &+= 1 }
    return position
  }
}

extension RawSpan {
  /// The first and the last `half` (4 or 8) of `length` bytes; four are filled up with spaces.
  @inline(__always)
  fileprivate func halves(from start: Int, _ length: Int, _ half: Int) -> (UInt64, UInt64) {
    let last = start &+ length &- half
    assert(half <= length && start >= 0 && start &+ length <= byteCount)
    if half == 8 {
      return unsafe (
        unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self),
        unsafeLoadUnaligned(fromUncheckedByteOffset: last, as: UInt64.self)
      )
    }
    let spaces: UInt64 = 0x2020_2020_0000_0000
    return unsafe (
      spaces | UInt64(unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt32.self)),
      spaces | UInt64(unsafeLoadUnaligned(fromUncheckedByteOffset: last, as: UInt32.self))
    )
  }
}

extension UnsafeMutableRawPointer {
  @inline(__always)
  fileprivate func storeHalves(_ first: UInt64, _ last: UInt64, _ length: Int, _ half: Int) {
    if half == 8 {
      unsafe storeBytes(of: first, as: UInt64.self)
      unsafe storeBytes(of: last, toByteOffset: length &- 8, as: UInt64.self)
    } else {
      unsafe storeBytes(of: UInt32(truncatingIfNeeded: first), as: UInt32.self)
      unsafe storeBytes(of: UInt32(truncatingIfNeeded: last), toByteOffset: length &- 4, as: UInt32.self)
    }
  }
}

extension UInt64 {
  /// Not zero if one of the eight bytes must be escaped. ("Determine if a word has a byte less than n", in words.)
  @inline(__always)
  fileprivate var mustEscape: UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = self ^ (ones &* 0x22)
    let slashes = self ^ (ones &* 0x5C)
    let below = (self &- ones &* 0x20) & ~self
    let equal = (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes
    return (below | equal) & (ones &* 0x80)
  }
}

extension SIMD16<UInt8> {
  @inline(__always)
  fileprivate var mustEscape: SIMDMask<SIMD16<Int8>> {
    equals(0x22) .| equals(0x5C) .| (self .< SIMD16(repeating: 0x20))
  }
}

extension UInt8 {
  @inline(__always)
  fileprivate var mustEscape: Bool { self == 0x22 || self == 0x5C || self < 0x20 }
}

extension ByteWriter {
  /// `text` as the inside of a JSON string, escaped as PostgreSQL's `escape_json` does: nothing above 0x1F but `"`
  /// and `\`, and lower-case hex digits.
  mutating func append(escaped text: RawSpan) {
    var position = appendClean(text, from: 0)
    while position < text.byteCount {
      appendEscape(text[position])
      position = appendClean(text, from: position &+ 1)
    }
  }

  /// `text` as a JSON string.
  mutating func append(string text: RawSpan) {
    append(0x22 as UInt8)
    append(escaped: text)
    append(0x22 as UInt8)
  }

  /// Copies bytes until one must be escaped and answers its position.
  @inline(__always)
  private mutating func appendClean(_ text: RawSpan, from start: Int) -> Int {
    let length = text.byteCount &- start
    var copied = 0
    precondition(start >= 0 && length >= 0)
    unsafe appendUnsafe(upTo: length) { out in
      let to = out.baseAddress!
      while copied &+ 16 <= length {
        let chunk = text.checkedChunk(start &+ copied)
        unsafe to.storeBytes(of: chunk, toByteOffset: copied, as: SIMD16<UInt8>.self)
        if let hit = chunk.mustEscape.firstSet {
          copied &+= hit
          return copied
        }
        copied &+= 16
      }
      if length >= 16, copied < length {
        // The last chunk overlaps bytes that are known to be clean, so its first hit is a new one.
        let last = length &- 16
        let chunk = text.checkedChunk(start &+ last)
        unsafe to.storeBytes(of: chunk, toByteOffset: last, as: SIMD16<UInt8>.self)
        copied = last &+ (chunk.mustEscape.firstSet ?? 16)
        return copied
      }
      if length >= 4, length < 16 {
        // Names and words: two halves that may overlap. If one of them is not clean, byte by byte.
        let half = length >= 8 ? 8 : 4
        let (first, last) = text.halves(from: start, length, half)
        if (first.mustEscape | last.mustEscape) == 0 {
          unsafe to.storeHalves(first, last, length, half)
          copied = length
          return copied
        }
      }
      while copied < length {
        let byte = text.checkedByte(start &+ copied)
        if byte.mustEscape { break }
        unsafe to.storeBytes(of: byte, toByteOffset: copied, as: UInt8.self)
        copied &+= 1
      }
      return copied
    }
    return start &+ copied
  }

  private mutating func appendEscape(_ byte: UInt8) {
    append(0x5C as UInt8)
    switch byte {
    case 0x22, 0x5C: append(byte)
    case 0x08: append(0x62 as UInt8)
    case 0x0C: append(0x66 as UInt8)
    case 0x0A: append(0x6E as UInt8)
    case 0x0D: append(0x72 as UInt8)
    case 0x09: append(0x74 as UInt8)
    default:
      append("u00" as StaticString)
      append(UInt8.hexDigit(byte &>> 4))
      append(UInt8.hexDigit(byte & 0x0F))
    }
  }
}
