// SPDX-License-Identifier: Apache-2.0
//
//   1iiiiiii                      indexed field                        RFC 7541, section 6.1
//   01iiiiii [name] value         literal, added to the table                        6.2.1
//   0000iiii [name] value         literal, not added                                 6.2.2
//   0001iiii [name] value         literal, never indexed                             6.2.3
//   001sssss                      dynamic table size update                          6.3
//
//   string:  H lllllll  octets    H: Huffman code                                    5.2
package import Wire

/// Header blocks to lists of fields; one for each direction of a connection, because its table is a shared memory.
package struct HPACKDecoder {
  private var table: HPACKDynamicTable
  /// What we announced as SETTINGS_HEADER_TABLE_SIZE: no size update may exceed it.
  private let tableSizeMax: Int
  /// Bound on the sum of the fields' sizes, as SETTINGS_MAX_HEADER_LIST_SIZE counts them.
  private let listSizeMax: Int

  package init(tableSizeMax: Int = 4096, listSizeMax: Int = 64 * 1024) {
    self.table = HPACKDynamicTable(sizeMax: tableSizeMax)
    self.tableSizeMax = tableSizeMax
    self.listSizeMax = listSizeMax
  }

  /// Size and entries of the dynamic table now.
  package var tableSize: Int { table.size }
  package var tableCount: Int { table.count }
  package func tableEntry(_ index: Int) -> HeaderField? { table.entry(index) }

  /// The whole block or an error. After an error the table is out of step: the connection must end
  /// (COMPRESSION_ERROR, RFC 9113, section 4.3).
  package mutating func decode(_ block: RawSpan) throws(WireError) -> [HeaderField] {
    var reader = ByteReader(block)
    var fields: [HeaderField] = []
    var listSize = 0
    while let field = try next(&reader, isFirst: fields.isEmpty) {
      listSize += field.tableSize
      guard listSize <= listSizeMax else {
        throw WireError(.badValue("header list too large"), offset: reader.offset, context: "HPACK block")
      }
      fields.append(field)
    }
    return fields
  }

  @_lifetime(reader: copy reader)
  private mutating func next(_ reader: inout ByteReader, isFirst: Bool) throws(WireError) -> HeaderField? {
    while !reader.isAtEnd {
      let at = reader.offset
      let first = try reader.byte()
      if first & 0x80 != 0 {
        let index = try HPACKInteger.decode(first: first, prefixBits: 7, from: &reader)
        return try entry(index, at: at)
      }
      if first & 0xC0 == 0x40 {
        let field = try literal(first, prefixBits: 6, &reader)
        table.add(field)
        return field
      }
      if first & 0xE0 == 0x20 {
        // "This dynamic table size update MUST occur at the beginning of the first header block following the change"
        // (section 4.2)
        guard isFirst else { throw error("table size update inside a block", at: at) }
        let size = try HPACKInteger.decode(first: first, prefixBits: 5, from: &reader)
        guard size <= tableSizeMax else { throw error("table size above the announced one", at: at) }
        table.resize(to: size)
        continue
      }
      var field = try literal(first, prefixBits: 4, &reader)
      field.isSensitive = first & 0x10 != 0
      return field
    }
    return nil
  }

  @_lifetime(reader: copy reader)
  private func literal(_ first: UInt8, prefixBits: Int, _ reader: inout ByteReader) throws(WireError) -> HeaderField {
    let at = reader.offset - 1
    let index = try HPACKInteger.decode(first: first, prefixBits: prefixBits, from: &reader)
    let name = index == 0 ? try string(&reader) : try entry(index, at: at).name
    return HeaderField(name: name, value: try string(&reader))
  }

  /// "Indices strictly greater than the sum of the lengths of both tables MUST be treated as a decoding error."
  /// (section 2.3.3)
  private func entry(_ index: Int, at offset: Int) throws(WireError) -> HeaderField {
    let fixed = HPACKStaticTable.entries
    if index >= 1, index <= fixed.count { return fixed[index - 1] }
    guard let field = table.entry(index - fixed.count - 1) else { throw error("index beyond the tables", at: offset) }
    return field
  }

  @_lifetime(reader: copy reader)
  private func string(_ reader: inout ByteReader) throws(WireError) -> [UInt8] {
    let first = try reader.byte()
    let length = try HPACKInteger.decode(first: first, prefixBits: 7, from: &reader)
    let at = reader.offset
    let bytes = try reader.bytes(length)
    guard first & 0x80 != 0 else { return bytes.array }
    do {
      return try HPACKHuffman.decode(bytes, atMost: listSizeMax)
    } catch {
      throw WireError(error.reason, offset: at + error.offset, context: error.context)
    }
  }

  private func error(_ what: StaticString, at offset: Int) -> WireError {
    WireError(.badValue(what), offset: offset, context: "HPACK block")
  }
}
