// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension ByteWriter {
  /// JSON text without the blanks between its tokens; everything else stays as it is, byte for byte.
  /// - Throws: and appends nothing, if it is not one document (RFC 8259).
  mutating func append(compactJSON text: RawSpan) throws(WireError) {
    var failure: WireError?
    // What is copied is copied in chunks, of which only the part counts that was read.
    unsafe appendUnsafe(upTo: text.byteCount &+ 16) { out in
      var compaction = unsafe JSONCompaction(text, into: out.baseAddress!)
      do throws(WireError) {
        try compaction.run()
      } catch {
        failure = error
        return 0
      }
      return compaction.written
    }
    if let failure { throw failure }
  }

  /// A text that need not be JSON, although its column says so (MariaDB's `json_valid` can be switched off): then a
  /// string, on every path.
  mutating func append(jsonOrString text: RawSpan) {
    do throws(WireError) { try append(compactJSON: text) } catch { append(string: text) }
  }
}

/// One pass over a JSON text that checks and copies it, of any depth, without recursion.
///
/// No more is written than has been read, but for a chunk of 16 bytes at the end: there is room for as much.
@safe
private struct JSONCompaction: ~Escapable {
  private let text: RawSpan
  private let end: Int
  private let out: UnsafeMutableRawPointer
  private var position = 0
  private(set) var written = 0

  @_lifetime(copy text)
  init(_ text: RawSpan, into out: UnsafeMutableRawPointer) {
    self.text = text
    end = text.byteCount
    unsafe self.out = out
  }

  @_lifetime(self: copy self)
  mutating func run() throws(WireError) {
    var open = OpenContainers()
    skipBlanks()
    repeat { try value(&open) } while try isBeforeValue(&open)
    skipBlanks()
    guard position == end else { throw .json("bytes behind the document", position) }
  }

  /// A value; of a container that is not empty, what stands before the end of its first value.
  @_lifetime(self: copy self)
  private mutating func value(_ open: inout OpenContainers) throws(WireError) {
    while position < end {
      let byte = text.checkedByte(position)
      switch byte {
      case 0x7B, 0x5B:
        put(byte)
        skipBlanks()
        if position < end, text.checkedByte(position) == byte &+ 2 { return put(byte &+ 2) }
        open.push(isObject: byte == 0x7B)
        if byte == 0x7B { try name() }
      case 0x22: return try string()
      default:
        let start = position
        return copy(to: try text.endOfScalar(from: start))
      }
    }
    throw .json("no value", position)
  }

  /// Behind a value: the ends of containers, and whether a comma and another value follow.
  @_lifetime(self: copy self)
  private mutating func isBeforeValue(_ open: inout OpenContainers) throws(WireError) -> Bool {
    while let isObject = open.innermostIsObject {
      skipBlanks()
      guard position < end else { throw .json("container without its end", position) }
      let byte = text.checkedByte(position)
      guard byte == 0x2C || byte == (isObject ? 0x7D : 0x5D) else { throw .json("neither comma nor end", position) }
      put(byte)
      if byte == 0x2C {
        skipBlanks()
        if isObject { try name() }
        return true
      }
      open.pop()
    }
    return false
  }

  /// A member's name and its colon.
  @_lifetime(self: copy self)
  private mutating func name() throws(WireError) {
    guard position < end, text.checkedByte(position) == 0x22 else { throw .json("no string", position) }
    try string()
    skipBlanks()
    guard position < end, text.checkedByte(position) == 0x3A else { throw .json("no colon", position) }
    put(0x3A)
    skipBlanks()
  }

  /// A string, whose opening quote is at the position.
  @_lifetime(self: copy self)
  private mutating func string() throws(WireError) {
    put(0x22)
    while position < end {
      if position &+ 16 <= end {
        let chunk = text.checkedChunk(position)
        unsafe out.storeBytes(of: chunk, toByteOffset: written, as: SIMD16<UInt8>.self)
        let clean = chunk.mustEscape.firstSet ?? 16
        position &+= clean
        written &+= clean
        if clean == 16 { continue }
      }
      let byte = text.checkedByte(position)
      switch byte {
      case 0x22: return put(byte)
      case 0x5C: copy(to: try text.endOfEscape(from: position))
      case 0..<0x20: throw .json("control character in a string", position)
      default: put(byte)
      }
    }
    throw .json("string without its end", end)
  }

  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func skipBlanks() {
    while position < end {
      let byte = text.checkedByte(position)
      guard byte == 0x20 || byte &- 9 < 2 || byte == 0x0D else { return }
      position &+= 1
    }
  }

  /// The byte at the position.
  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func put(_ byte: UInt8) {
    unsafe out.storeBytes(of: byte, toByteOffset: written, as: UInt8.self)
    position &+= 1
    written &+= 1
  }

  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func copy(to stop: Int) {
    while position < stop { put(text.checkedByte(position)) }
  }
}
