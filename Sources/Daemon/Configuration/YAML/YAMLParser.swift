// SPDX-License-Identifier: Apache-2.0

private import CYAML

/// One YAML document through libyaml's events, as nodes with their lines.
///
/// Takes less than YAML offers, so that what is read is what an operator sees: UTF-8 only, one document, no anchors and
/// aliases (nothing can grow by itself), no tags but `!!str`, no key twice, mappings with plain texts as keys, bounded
/// size and depth.
@safe
struct YAMLParser: ~Copyable {
  static let bytesMax = 256 << 10
  private static let depthMax = 32

  /// On the heap because libyaml keeps a pointer to it in itself: it may not move.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>
  private let input: UnsafeBufferPointer<UInt8>

  /// The document's root; `nil` if there is nothing but white space and comments.
  static func parse(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode? {
    guard bytes.count <= bytesMax else {
      throw YAMLError(reason: "larger than \(bytesMax >> 10) KiB", mend: "name the right file", line: 1, column: 1)
    }
    try checkUTF8(bytes)
    // libyaml reads from the array while it parses, so it must not outlive this call.
    return try unsafe bytes.withUnsafeBufferPointer { (input) throws(YAMLError) -> YAMLNode? in
      var parser = try unsafe YAMLParser(reading: input)
      return try parser.stream()
    }
  }

  private static func checkUTF8(_ bytes: [UInt8]) throws(YAMLError) {
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      let place = YAMLError.place(of: error.byteOffsets.lowerBound, in: bytes)
      throw YAMLError(
        reason: "a byte that is not UTF-8", mend: "save the file as UTF-8", line: place.line, column: place.column)
    }
  }

  private init(reading input: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
    unsafe self.input = input
    unsafe parser = .allocate(capacity: 1)
    unsafe event = .allocate(capacity: 1)
    unsafe event.initialize(to: yaml_event_t())
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      // libyaml has cleared it, and to delete a cleared one is allowed: that is left to `deinit`.
      throw YAMLError(reason: "no memory to read it", mend: "start again", line: 1, column: 1)
    }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    unsafe yaml_event_delete(event)
    unsafe yaml_parser_delete(parser)
    unsafe event.deallocate()
    unsafe parser.deallocate()
  }
}

// MARK: - Events

extension YAMLParser {
  private var type: yaml_event_type_t { unsafe event.pointee.type }
  private var line: Int { unsafe event.pointee.start_mark.line + 1 }
  private var column: Int { unsafe event.pointee.start_mark.column + 1 }

  private mutating func advance() throws(YAMLError) {
    unsafe yaml_event_delete(event)
    guard unsafe yaml_parser_parse(parser, event) == 1 else { throw unsafe YAMLError(parser.pointee, input) }
  }

  private func error(_ reason: String, _ mend: String) -> YAMLError {
    YAMLError(reason: reason, mend: mend, line: line, column: column)
  }

  private mutating func stream() throws(YAMLError) -> YAMLNode? {
    try advance()  // stream start
    try advance()
    guard type == YAML_DOCUMENT_START_EVENT else { return nil }
    try advance()
    let root = try node(depth: 0)
    try advance()  // document end
    try advance()
    guard type == YAML_STREAM_END_EVENT else {
      throw error("a second document", "write one document; remove the --- before it")
    }
    return root
  }

  /// The node whose first event is the present one.
  private mutating func node(depth: Int) throws(YAMLError) -> YAMLNode {
    guard depth < YAMLParser.depthMax else {
      throw error("more than \(YAMLParser.depthMax) levels", "remove brackets or indentation")
    }
    let (line, column) = (line, column)
    let content: YAMLNode.Content
    switch type {
    case YAML_SCALAR_EVENT: content = try scalar()
    case YAML_SEQUENCE_START_EVENT: content = .sequence(try sequence(depth: depth))
    case YAML_MAPPING_START_EVENT: content = .mapping(try mapping(depth: depth))
    default: throw error("an alias (*)", "write the value itself; quote a text that begins with *")
    }
    return YAMLNode(content: content, line: line, column: column)
  }

  private func scalar() throws(YAMLError) -> YAMLNode.Content {
    let scalar = unsafe event.pointee.data.scalar
    try unsafe refuse(anchor: scalar.anchor, tag: scalar.tag)
    let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
    // A text with a tag (`!!str 5`, `! 5`) says of itself that it is one.
    let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nil
    return .scalar(unsafe String(decoding: bytes, as: UTF8.self), isPlain: isPlain)
  }

  private mutating func sequence(depth: Int) throws(YAMLError) -> [YAMLNode] {
    try unsafe refuse(anchor: event.pointee.data.sequence_start.anchor, tag: event.pointee.data.sequence_start.tag)
    var nodes: [YAMLNode] = []
    try advance()
    while type != YAML_SEQUENCE_END_EVENT {
      nodes.append(try node(depth: depth + 1))
      try advance()
    }
    return nodes
  }

  private mutating func mapping(depth: Int) throws(YAMLError) -> [YAMLNode.Entry] {
    try unsafe refuse(anchor: event.pointee.data.mapping_start.anchor, tag: event.pointee.data.mapping_start.tag)
    var entries: [YAMLNode.Entry] = []
    var lines: [String: Int] = [:]
    try advance()
    while type != YAML_MAPPING_END_EVENT {
      let keyLine = line
      guard type == YAML_SCALAR_EVENT, case .scalar(let key, _) = try scalar() else {
        throw error("a key that is not a text", "write \"key: value\"")
      }
      if let first = lines.updateValue(keyLine, forKey: key) {
        throw error("\(keyName(key)) again; it is already on line \(first)", "keep one of the two")
      }
      try advance()
      entries.append(YAMLNode.Entry(key: key, keyLine: keyLine, value: try node(depth: depth + 1)))
      try advance()
    }
    return entries
  }

  private func refuse(anchor: UnsafePointer<yaml_char_t>?, tag: UnsafePointer<yaml_char_t>?) throws(YAMLError) {
    guard unsafe anchor == nil else {
      throw error("an anchor (&)", "write the value itself; quote a text that begins with &")
    }
    guard let tag = unsafe tag else { return }
    let text = unsafe String(cString: tag)
    guard text == "!" || text == "tag:yaml.org,2002:str" else {
      throw error("a tag (!)", "write the value without it; quote a text that begins with !")
    }
  }
}

extension YAMLError {
  /// What libyaml itself has to say. Its words are fixed texts: nothing of the file, so nothing secret, is in them.
  fileprivate init(_ parser: yaml_parser_t, _ input: UnsafeBufferPointer<UInt8>) {
    let reason = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "not YAML"
    let context = unsafe parser.context.map { unsafe String(cString: $0) } ?? ""
    var place = unsafe (line: Int(parser.problem_mark.line) + 1, column: Int(parser.problem_mark.column) + 1)
    // The reader runs ahead of the scanner and knows only the offset.
    if unsafe parser.error == YAML_READER_ERROR {
      place = unsafe YAMLError.place(of: parser.problem_offset, in: Array(input))
    }
    self.init(reason: reason, mend: YAMLError.mend(reason, context), line: place.line, column: place.column)
  }

  fileprivate static func place(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    let before = bytes.prefix(offset)
    let column = before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count
    return (before.count { $0 == UInt8(ascii: "\n") } + 1, column + 1)
  }

  private static func mend(_ reason: String, _ context: String) -> String {
    if context.contains("alias") || context.contains("anchor") {
      return "put a text that begins with * or & in quotes: \"*.*\""
    }
    if reason.contains("cannot start any token") {
      return "indent with spaces, never with a tab, and put a text that begins with @, ` or % in quotes"
    }
    if reason.contains("mapping values are not allowed") {
      return "align this key with its neighbours, and put a text that contains \": \" in quotes"
    }
    if reason.contains("expected ','") {
      return "close the bracket, and put a text that contains { } [ ] or , in quotes"
    }
    if reason.contains("unexpected end of stream") { return "end the quoted text with its quote" }
    return "align this line with its neighbours, and close every quote and bracket"
  }
}
