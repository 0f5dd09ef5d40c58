// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension ByteWriter {
  /// JSON text without the blanks between its tokens; everything else stays as it is, byte for byte.
  /// - Throws: and appends nothing, if it is not one document (RFC 8259).
  mutating func append(compactJSON text: RawSpan) throws(WireError) {
    var failure: WireError?
    // What is copied is copied in chunks, of which only the part counts that was read.
    unsafe appendUnsafe(upTo: text.byteCount &+ 16) { out in
      do throws(WireError) {
        return unsafe try JSONCompaction(text, into: out.baseAddress!).run()
      } catch {
        failure = error
        return 0
      }
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
  /// A local of the pass, and handed on: so the two are in registers.
  struct Place {
    var read = 0
    var written = 0
  }

  private let text: RawSpan
  private let end: Int
  private let out: UnsafeMutableRawPointer

  @_lifetime(copy text)
  init(_ text: RawSpan, into out: UnsafeMutableRawPointer) {
    self.text = text
    end = text.byteCount
    unsafe self.out = out
  }

  /// Answers how many bytes were written.
  func run() throws(WireError) -> Int {
    var open = OpenContainers()
    var place = Place()
    var isName = false
    skipBlanks(&place)
    repeat {
      guard place.read < end else { throw .json("no value", place.read) }
      let byte = text.checkedByte(place.read)
      if byte == 0x22 {
        try string(&place)
        if isName {
          skipBlanks(&place)
          guard place.read < end, text.checkedByte(place.read) == 0x3A else { throw .json("no colon", place.read) }
          put(0x3A, &place)
          skipBlanks(&place)
          isName = false
          continue
        }
      } else if isName {
        throw .json("no string", place.read)
      } else if byte == 0x7B || byte == 0x5B {
        put(byte, &place)
        skipBlanks(&place)
        if place.read < end, text.checkedByte(place.read) == byte &+ 2 {
          put(byte &+ 2, &place)
        } else {
          open.push(isObject: byte == 0x7B)
          isName = byte == 0x7B
          continue
        }
      } else {
        copy(to: try text.endOfScalar(from: place.read), &place)
      }
      isName = try endValue(&open, &place)
    } while open.count > 0
    skipBlanks(&place)
    guard place.read == end else { throw .json("bytes behind the document", place.read) }
    return place.written
  }

  /// Behind a value: the ends of containers, and the comma before another value; answers whether its name comes first.
  @inline(__always)
  private func endValue(_ open: inout OpenContainers, _ place: inout Place) throws(WireError) -> Bool {
    while let isObject = open.innermostIsObject {
      skipBlanks(&place)
      guard place.read < end else { throw .json("container without its end", end) }
      let byte = text.checkedByte(place.read)
      guard byte == 0x2C || byte == (isObject ? 0x7D : 0x5D) else {
        throw .json("neither comma nor end", place.read)
      }
      put(byte, &place)
      if byte == 0x2C {
        skipBlanks(&place)
        return isObject
      }
      open.pop()
    }
    return false
  }

  /// A string, whose opening quote is at the place.
  @inline(__always)
  private func string(_ place: inout Place) throws(WireError) {
    put(0x22, &place)
    while place.read < end {
      if place.read &+ 16 <= end {
        let chunk = text.checkedChunk(place.read)
        unsafe out.storeBytes(of: chunk, toByteOffset: place.written, as: SIMD16<UInt8>.self)
        let clean = chunk.mustEscape.firstSet ?? 16
        place.read &+= clean
        place.written &+= clean
        if clean == 16 { continue }
      }
      let byte = text.checkedByte(place.read)
      switch byte {
      case 0x22: return put(byte, &place)
      case 0x5C: copy(to: try text.endOfEscape(from: place.read), &place)
      case 0..<0x20: throw .json("control character in a string", place.read)
      default: put(byte, &place)
      }
    }
    throw .json("string without its end", end)
  }

  @inline(__always)
  private func skipBlanks(_ place: inout Place) {
    while place.read < end {
      let byte = text.checkedByte(place.read)
      guard byte == 0x20 || byte &- 9 < 2 || byte == 0x0D else { return }
      place.read &+= 1
    }
  }

  /// The byte at the place.
  @inline(__always)
  private func put(_ byte: UInt8, _ place: inout Place) {
    unsafe out.storeBytes(of: byte, toByteOffset: place.written, as: UInt8.self)
    place.read &+= 1
    place.written &+= 1
  }

  @inline(__always)
  private func copy(to stop: Int, _ place: inout Place) {
    while place.read < stop { put(text.checkedByte(place.read), &place) }
  }
}
