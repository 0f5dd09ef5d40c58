// SPDX-License-Identifier: Apache-2.0
internal import MySQL
package import Wire

/// Applies MySQL's JSON differences (`binlog_row_value_options=PARTIAL_JSON`) to a document's text as we wrote it:
/// compact, members in the server's order. The result has the same bytes that the whole document would have.
package struct JSONPatch: ~Copyable {
  private var current = ByteWriter()
  private var value = ByteWriter()

  package init() {}

  /// Writes `document` as it is after `differences`, the bytes of a field of kind `.differences`.
  /// - Throws: also if a path leads nowhere: then `document` is not what the server had.
  package mutating func apply(
    _ differences: RawSpan, to document: RawSpan, into out: inout ByteWriter
  ) throws(WireError) {
    current.clear()
    current.append(document)
    var list = JSONDifferences(differences)
    while let difference = try list.next() {
      let legs = try JSONPath(difference.path).legs
      value.clear()
      if difference.operation != .remove { try BinaryJSON.walk(difference.value, BinaryJSONText.self, into: &value) }
      switch difference.operation {
      case .replace:
        splice(try place(legs[...]))
      case .insert: try insert(legs)
      case .remove: try remove(legs)
      }
    }
    current.withBytes { out.append($0) }
  }

  /// Puts `value`, with `before` and `after` around it, in the place of what is at `place`.
  private mutating func splice(_ place: Range<Int>, before: StaticString = "", after: StaticString = "") {
    var next = ByteWriter(capacity: current.count + value.count + 2)
    next.append(current.bytes.extracting(0..<place.lowerBound))
    next.append(before)
    next.append(value.bytes)
    next.append(after)
    next.append(current.bytes.extracting(place.upperBound..<current.count))
    current = next
  }

  /// Where the value at a path lies in `current`.
  private func place(_ legs: ArraySlice<JSONPath.Leg>) throws(WireError) -> Range<Int> {
    try current.bytes.value(at: legs)
  }

  private mutating func insert(_ legs: [JSONPath.Leg]) throws(WireError) {
    guard let leg = legs.last else { throw .path }
    let parent = try place(legs.dropLast())
    let isEmpty = parent.count == 2
    var place = parent.upperBound - 1
    let opening = current.bytes[parent.lowerBound]
    switch (leg, opening) {
    case (.member(let member), 0x7B):
      let utf8 = Array(member.utf8)
      place = try JSONPatch.place(of: utf8, in: current.bytes, parent)
      prepend(name: utf8)
    case (.element, 0x5B), (.elementFromEnd, 0x5B):
      if let child = try current.bytes.child(leg, of: parent) { place = child.value.lowerBound }
    default: throw .path
    }
    let isLast = place == parent.upperBound - 1
    splice(place..<place, before: isLast && !isEmpty ? "," : "", after: isLast ? "" : ",")
  }

  /// The member's name goes in front of its value.
  private mutating func prepend(name: [UInt8]) {
    var member = ByteWriter(capacity: value.count + name.count + 16)
    unsafe member.append(string: name.span.bytes)
    member.append(0x3A as UInt8)
    member.append(value.bytes)
    value = member
  }

  /// Before which member, or the object's end, a new one goes: "keys are sorted by length, then by their bytes".
  private static func place(
    of name: [UInt8], in text: RawSpan, _ parent: Range<Int>
  ) throws(WireError) -> Int {
    var other = ByteWriter(capacity: 64)
    var children = text.children(of: parent)
    while let child = try children.next() {
      other.clear()
      try other.append(unescaped: text, child.name)
      let bytes = other.bytes.array
      if bytes == name { throw .path }
      if name.count == bytes.count ? name.lexicographicallyPrecedes(bytes) : name.count < bytes.count {
        return child.name.lowerBound - 1
      }
    }
    return parent.upperBound - 1
  }

  private mutating func remove(_ legs: [JSONPath.Leg]) throws(WireError) {
    guard let leg = legs.last else { throw .path }
    let parent = try place(legs.dropLast())
    guard let child = try current.bytes.child(leg, of: parent) else { throw .path }
    // With the comma before it, or, if it is the first, behind it.
    var place = child.whole
    if current.bytes[place.lowerBound - 1] == 0x2C {
      place = (place.lowerBound - 1)..<place.upperBound
    } else if current.bytes[place.upperBound] == 0x2C {
      place = place.lowerBound..<(place.upperBound + 1)
    }
    splice(place)
  }
}

/// A member or an element: its name between its quotes, empty for an element, and its value.
private struct JSONChild {
  var name: Range<Int>
  var value: Range<Int>

  /// An element's empty name lies where its value begins.
  var whole: Range<Int> { name.lowerBound == value.lowerBound ? value : (name.lowerBound - 1)..<value.upperBound }
}

/// The children of one container of a compact text.
private struct JSONChildren: ~Escapable {
  let text: RawSpan
  let isObject: Bool
  var position: Int
  let end: Int

  @_lifetime(copy text)
  init(_ text: RawSpan, _ place: Range<Int>) {
    self.text = text
    isObject = text[place.lowerBound] == 0x7B
    position = place.lowerBound + 1
    end = place.upperBound - 1
  }

  @_lifetime(self: copy self)
  mutating func next() throws(WireError) -> JSONChild? {
    if position >= end { return nil }
    if text[position] == 0x2C { position += 1 }
    var name = position..<position
    if isObject {
      let nameEnd = try text.endOfString(from: position)
      name = (position + 1)..<(nameEnd - 1)
      position = try text.endOfColon(from: nameEnd)
    }
    let start = position
    position = try text.endOfValue(from: start)
    return JSONChild(name: isObject ? name : start..<start, value: start..<position)
  }
}

extension RawSpan {
  @_lifetime(copy self)
  fileprivate func children(of place: Range<Int>) -> JSONChildren { JSONChildren(self, place) }

  /// Where the value at a path lies.
  fileprivate func value(at legs: ArraySlice<JSONPath.Leg>) throws(WireError) -> Range<Int> {
    var place = 0..<byteCount
    guard byteCount > 0, try endOfValue(from: 0) == byteCount else { throw .path }
    for leg in legs {
      guard let child = try child(leg, of: place) else { throw .path }
      place = child.value
    }
    return place
  }

  fileprivate func child(_ leg: JSONPath.Leg, of place: Range<Int>) throws(WireError) -> JSONChild? {
    guard case .member(let member) = leg else { return try element(leg, of: place) }
    guard self[place.lowerBound] == 0x7B else { return nil }
    var name = ByteWriter(capacity: 64)
    unsafe name.append(escaped: Array(member.utf8).span.bytes)
    var children = self.children(of: place)
    while let child = try children.next() {
      if extracting(child.name).isEqual(to: name.bytes) { return child }
    }
    return nil
  }

  /// An element; one that is counted from the end is found by counting twice.
  private func element(_ leg: JSONPath.Leg, of place: Range<Int>) throws(WireError) -> JSONChild? {
    guard self[place.lowerBound] == 0x5B else { return nil }
    var index: Int
    switch leg {
    case .element(let number): index = number
    case .elementFromEnd(let number):
      index = -1 - number
      var all = children(of: place)
      while try all.next() != nil { index += 1 }
      if index < 0 { return nil }
    case .member: return nil
    }
    var children = self.children(of: place)
    while let child = try children.next() {
      if index == 0 { return child }
      index -= 1
    }
    return nil
  }
}

extension WireError {
  fileprivate static var path: WireError {
    WireError(.badValue("a path that leads nowhere"), offset: 0, context: "JSON difference")
  }
}
