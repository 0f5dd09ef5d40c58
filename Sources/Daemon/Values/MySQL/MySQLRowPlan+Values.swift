// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

extension MySQLRowPlan {
  /// Writes one member's value.
  @inline(__always)
  func append(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, _ form: Form, into out: inout ByteWriter
  ) throws(WireError) {
    if plan.treatment == .hash || form == .log && plan.isPrepared {
      return try appendRare(bytes, plan, form, into: &out)
    }
    let operation = plan.operation(form)
    switch plan.quotes {
    case .none: try appendText(bytes, plan, operation, into: &out)
    case .plain:
      out.append(0x22 as UInt8)
      try appendText(bytes, plan, operation, into: &out)
      out.append(0x22 as UInt8)
    case .escaped where operation == .utf8: out.append(string: bytes)
    case .escaped: try appendEscaped(bytes, plan, operation, into: &out)
    }
  }

  // By themselves, so that the common cases begin no access to a buffer that they do not use.
  @inline(never)
  private func appendEscaped(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, _ operation: ValueOperation, into out: inout ByteWriter
  ) throws(WireError) {
    text.clear()
    try appendText(bytes, plan, operation, into: &text)
    text.withBytes { out.append(string: $0) }
  }

  @inline(never)
  private func appendRare(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, _ form: Form, into out: inout ByteWriter
  ) throws(WireError) {
    if plan.treatment == .hash {
      out.append(0x22 as UInt8)
      try appendDigest(bytes, plan, form, into: &out)
      return out.append(0x22 as UInt8)
    }
    var plain = plan
    plain.isCompressed = false
    plain.paddedCount = 0
    try prepare(bytes, plan) { (bytes) throws(WireError) in try append(bytes, plain, form, into: &out) }
  }

  /// Writes one key component.
  @inline(__always)
  func appendComponent(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, _ form: Form, into out: inout ByteWriter
  ) throws(WireError) {
    let operation = plan.operation(form)
    if plan.treatment != .hash, operation == .signed || operation == .unsigned {
      return operation == .signed ? try out.append(signed: bytes) : try out.append(unsigned: bytes)
    }
    try appendEscapedComponent(bytes, plan, operation, form, into: &out)
  }

  @inline(never)
  private func appendEscapedComponent(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, _ operation: ValueOperation, _ form: Form, into out: inout ByteWriter
  ) throws(WireError) {
    keyText.clear()
    if plan.treatment == .hash {
      try appendDigest(bytes, plan, form, into: &keyText)
    } else if form == .log, plan.isPrepared {
      try prepare(bytes, plan) { (bytes) throws(WireError) in try appendText(bytes, plan, operation, into: &keyText) }
    } else {
      try appendText(bytes, plan, operation, into: &keyText)
    }
    keyText.withBytes { out.append(keyComponent: $0) }
  }

  /// Writes the hex SHA-256 of the text that a key component of this column would have.
  private func appendDigest(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, _ form: Form, into out: inout ByteWriter
  ) throws(WireError) {
    let operation = plan.operation(form)
    text.clear()
    if form == .log, plan.isPrepared {
      try prepare(bytes, plan) { (bytes) throws(WireError) in try appendText(bytes, plan, operation, into: &text) }
    } else {
      try appendText(bytes, plan, operation, into: &text)
    }
    text.withBytes { digest($0, &out) }
  }

  /// Unpacks a compressed column and gives back the zeros at the end of a fixed number of bytes.
  private func prepare(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, _ body: (RawSpan) throws(WireError) -> Void
  ) throws(WireError) {
    if plan.isCompressed { return try unpacking.withUnpacked(bytes, body) }
    padded.clear()
    padded.append(bytes)
    while padded.count < Int(plan.paddedCount) { padded.append(0 as UInt8) }
    try padded.withBytes(body)
  }

  /// Writes a value's text: what a key has of it, and what stands between the quotes of its JSON string or is its JSON.
  @inline(__always)
  private func appendText(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, _ operation: ValueOperation, into out: inout ByteWriter
  ) throws(WireError) {
    let digits = Int(plan.fractionDigits)
    switch operation {
    case .signed: try out.append(signed: bytes)
    case .unsigned: try out.append(unsigned: bytes)
    case .utf8, .bytes: out.append(bytes)
    case .packedDecimal: try plan.decimal.append(bytes, into: &out)
    case .loggedTimestamp:
      let time = try LoggedTime.timestamp(bytes, digits: digits)
      out.append(dateTime: time, digits: digits, hasZone: true)
    case .loggedDateTime:
      let time = try LoggedTime.dateTime(bytes, digits: digits)
      out.append(dateTime: time, digits: digits, hasZone: false)
    case .resultDateTime:
      let time = try ResultTime.dateTime(bytes)
      out.append(dateTime: time, digits: digits, hasZone: plan.hasZone)
    case .encoded: try characterSets.append(bytes, plan.encoding, into: &out)
    case .binaryJSON: try BinaryJSON.walk(bytes, BinaryJSONText.self, into: &out)
    case .serverJSON: try out.append(compactJSON: bytes)
    case .base64: out.append(base64: bytes)
    case .label: try appendLabel(bytes, plan, into: &out)
    case .decimalText: try out.append(decimalText: bytes)
    default: try appendOther(bytes, plan, operation, into: &out)
    }
  }

  /// The operations that are seldom or slow anyway.
  @inline(never)
  private func appendOther(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, _ operation: ValueOperation, into out: inout ByteWriter
  ) throws(WireError) {
    switch operation {
    case .hex: out.append(hex: bytes)
    case .integerText: try out.append(integerText: bytes)
    case .bits: try out.append(bits: bytes)
    case .float: out.append(float: Float(bitPattern: UInt32(truncatingIfNeeded: try bytes.word(4))))
    case .double: out.append(double: Double(bitPattern: try bytes.word(8)))
    case .floatText: out.append(float: Float(bytes.double))
    case .doubleText: out.append(double: bytes.double)
    case .labelSet: try appendLabelSet(bytes, plan, into: &out)
    case .labelSetText: out.append(labelSetText: bytes)
    case .jsonText: out.append(jsonOrString: bytes)
    case .encodedJSON: try appendJSONText(bytes, plan, into: &out)
    case .geometry: out.append(geometry: bytes)
    case .vector: try out.append(vector: bytes)
    case .inet4, .inet6, .uuid: try appendAddress(bytes, operation, into: &out)
    default: try appendTime(bytes, plan, operation, into: &out)
    }
  }

  private func appendTime(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, _ operation: ValueOperation, into out: inout ByteWriter
  ) throws(WireError) {
    let digits = Int(plan.fractionDigits)
    switch operation {
    case .year:
      let year = UInt64(truncatingIfNeeded: try bytes.word(1))
      out.append(digits: year == 0 ? 0 : year + 1_900)
    case .loggedDate: out.append(date: try LoggedTime.date(bytes))
    case .resultDate: out.append(date: try ResultTime.dateTime(bytes))
    case .loggedTime:
      let (time, isNegative) = try LoggedTime.time(bytes, digits: digits)
      out.append(time: time, isNegative: isNegative, digits: digits)
    case .resultTime:
      let (time, isNegative) = try ResultTime.time(bytes)
      out.append(time: time, isNegative: isNegative, digits: digits)
    case .oldTime:
      let (time, isNegative) = try LoggedTime.oldTime(bytes, digits: digits)
      out.append(time: time, isNegative: isNegative, digits: digits)
    case .oldTimestamp:
      out.append(dateTime: try LoggedTime.oldTimestamp(bytes, digits: digits), digits: digits, hasZone: true)
    case .oldDateTime:
      out.append(dateTime: try LoggedTime.oldDateTime(bytes, digits: digits), digits: digits, hasZone: false)
    case .dateText: try out.append(dateText: bytes)
    case .dateTimeText: try out.append(dateTimeText: bytes, digits: digits, hasZone: plan.hasZone)
    default: preconditionFailure("an operation that no case names")
    }
  }

  private func appendLabel(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, into out: inout ByteWriter
  ) throws(WireError) {
    let number = try bytes.word()
    if number == 0 { return }
    guard number <= UInt64(plan.labelCount) else {
      throw WireError(.badValue("a number above the labels"), offset: 0, context: "ENUM")
    }
    appendLabel(Int(plan.labels) + Int(number) - 1, into: &out)
  }

  private func appendLabel(_ index: Int, into out: inout ByteWriter) {
    let labels = self.labels
    unsafe out.append(labels.span.bytes.extracting(labelEnds[index]..<labelEnds[index + 1]))
  }

  private func appendLabelSet(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, into out: inout ByteWriter
  ) throws(WireError) {
    var rest = try bytes.word()
    let start = out.count
    out.append(0x5B as UInt8)
    while rest != 0 {
      let bit = rest.trailingZeroBitCount
      rest &= rest - 1
      guard bit < Int(plan.labelCount) else {
        throw WireError(.badValue("a bit above the labels"), offset: 0, context: "SET")
      }
      if out.count > start + 1 { out.append(0x2C as UInt8) }
      let labels = self.labels
      let index = Int(plan.labels) + bit
      unsafe out.append(string: labels.span.bytes.extracting(labelEnds[index]..<labelEnds[index + 1]))
    }
    out.append(0x5D as UInt8)
  }

  private func appendJSONText(
    _ bytes: RawSpan, _ plan: MySQLColumnPlan, into out: inout ByteWriter
  ) throws(WireError) {
    jsonText.clear()
    try characterSets.append(bytes, plan.encoding, into: &jsonText)
    jsonText.withBytes { out.append(jsonOrString: $0) }
  }

  private func appendAddress(
    _ bytes: RawSpan, _ operation: ValueOperation, into out: inout ByteWriter
  ) throws(WireError) {
    guard bytes.byteCount == (operation == .inet4 ? 4 : 16) else {
      throw WireError(.badLength(bytes.byteCount), offset: 0, context: "address")
    }
    switch operation {
    case .inet4: out.append(inet4: bytes)
    case .inet6: out.append(inet6: bytes)
    default: out.append(uuid: bytes)
    }
  }
}

extension RawSpan {
  /// The bytes of a field that has some; a range outside the base is our own decoder's mistake and traps.
  @_lifetime(copy self)
  @inline(__always)
  func bytes(of field: RowField) -> RawSpan {
    extracting(Int(field.offset)..<(Int(field.offset) &+ Int(field.length)))
  }

  /// A little-endian integer of `count` bytes; 0: of however many there are, up to eight.
  @inline(__always)
  fileprivate func word(_ count: Int = 0) throws(WireError) -> UInt64 {
    guard byteCount == count || count == 0 && byteCount > 0 && byteCount <= 8 else {
      throw WireError(.badLength(byteCount), offset: 0, context: "number")
    }
    return littleEndian(0, byteCount)
  }
}
