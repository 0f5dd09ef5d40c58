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

extension UnsafeMutableRawPointer {
  /// Copies 1 to 16 bytes as two words that may overlap, and answers whether none of them must be escaped.
  @inline(__always)
  fileprivate func storeShort(_ text: RawSpan, from start: Int, _ length: Int) -> Bool {
    assert(length > 0 && length <= 16 && start >= 0 && start &+ length <= text.byteCount)
    if length >= 8 {
      let last = length &- 8
      let words = unsafe (
        text.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self),
        text.unsafeLoadUnaligned(fromUncheckedByteOffset: start &+ last, as: UInt64.self)
      )
      unsafe storeBytes(of: words.0, as: UInt64.self)
      unsafe storeBytes(of: words.1, toByteOffset: last, as: UInt64.self)
      return (words.0.mustEscape | words.1.mustEscape) == 0
    }
    if length >= 4 {
      let last = length &- 4
      let words = unsafe (
        text.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt32.self),
        text.unsafeLoadUnaligned(fromUncheckedByteOffset: start &+ last, as: UInt32.self)
      )
      unsafe storeBytes(of: words.0, as: UInt32.self)
      unsafe storeBytes(of: words.1, toByteOffset: last, as: UInt32.self)
      return (UInt64(words.0) | UInt64(words.1) &<< 32).mustEscape == 0
    }
    let bytes = (
      text.checkedByte(start), text.checkedByte(start &+ length &>> 1), text.checkedByte(start &+ length &- 1)
    )
    unsafe storeBytes(of: bytes.0, as: UInt8.self)
    unsafe storeBytes(of: bytes.1, toByteOffset: length &>> 1, as: UInt8.self)
    unsafe storeBytes(of: bytes.2, toByteOffset: length &- 1, as: UInt8.self)
    return !(bytes.0.mustEscape || bytes.1.mustEscape || bytes.2.mustEscape)
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
  /// Lanes that hold `"`, `\` or a control character.
  @inline(__always)
  var mustEscape: SIMDMask<SIMD16<Int8>> {
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
    let length = text.byteCount
    if length > 0, length <= 16, appendShort(text, length, before: 0, after: 0) { return }
    append(0x22 as UInt8)
    append(escaped: text)
    append(0x22 as UInt8)
  }

  /// `text` as a member's name, with what is between it and what stands before it, and its colon.
  mutating func append(memberName text: RawSpan, isFirst: Bool) {
    let length = text.byteCount
    if length > 0, length <= 16, appendShort(text, length, before: isFirst ? 0 : 1, after: 1) { return }
    if !isFirst { append(0x2C as UInt8) }
    append(0x22 as UInt8)
    append(escaped: text)
    append(0x22 as UInt8)
    append(0x3A as UInt8)
  }

  /// A string of 1 to 16 bytes with a comma before it or not, a colon behind it or not (0 or 1); false, and nothing
  /// appended, if something in it must be escaped.
  @inline(__always)
  private mutating func appendShort(_ text: RawSpan, _ length: Int, before: Int, after: Int) -> Bool {
    var isClean = true
    unsafe appendUnsafe(upTo: 20) { out in
      let to = out.baseAddress!
      unsafe to.storeBytes(of: 0x2C, as: UInt8.self)
      unsafe to.storeBytes(of: 0x22, toByteOffset: before, as: UInt8.self)
      isClean = unsafe (to + before + 1).storeShort(text, from: 0, length)
      unsafe to.storeBytes(of: (0x3A22 as UInt16).littleEndian, toByteOffset: before &+ 1 &+ length, as: UInt16.self)
      return isClean ? before &+ length &+ 2 &+ after : 0
    }
    return isClean
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
      // Names and words; one that is not clean goes byte by byte.
      if length > 0, length < 16, unsafe to.storeShort(text, from: start, length) {
        copied = length
        return copied
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
