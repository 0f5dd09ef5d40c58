// SPDX-License-Identifier: Apache-2.0
package import Wire

/// Lists of fields to header blocks, without a memory: fields of the static table by index, all others as literals
/// that no table keeps. A call's headers are a few dozen bytes; a table would save them and cost an agreement with the
/// peer about its size (so SETTINGS_HEADER_TABLE_SIZE of any value, 0 too, is obeyed without an effort).
package struct HPACKEncoder {
  /// Huffman code where it is shorter.
  package var usesHuffman: Bool

  package init(usesHuffman: Bool = true) { self.usesHuffman = usesHuffman }

  package func encode(_ fields: [HeaderField], to writer: inout ByteWriter) {
    for field in fields { encode(field, to: &writer) }
  }

  package func encode(_ field: HeaderField, to writer: inout ByteWriter) {
    var nameIndex = 0
    for (position, entry) in HPACKStaticTable.entries.enumerated() where entry.name == field.name {
      if entry.value == field.value, !field.isSensitive {
        HPACKInteger.encode(position + 1, pattern: 0x80, prefixBits: 7, to: &writer)
        return
      }
      if nameIndex == 0 { nameIndex = position + 1 }
    }
    HPACKInteger.encode(nameIndex, pattern: field.isSensitive ? 0x10 : 0x00, prefixBits: 4, to: &writer)
    if nameIndex == 0 { encode(string: field.name, to: &writer) }
    encode(string: field.value, to: &writer)
  }

  private func encode(string: [UInt8], to writer: inout ByteWriter) {
    let shorter = HPACKHuffman.encodedCount(string)
    if usesHuffman, shorter < string.count {
      HPACKInteger.encode(shorter, pattern: 0x80, prefixBits: 7, to: &writer)
      HPACKHuffman.encode(string, to: &writer)
    } else {
      HPACKInteger.encode(string.count, pattern: 0, prefixBits: 7, to: &writer)
      writer.append(string)
    }
  }
}
