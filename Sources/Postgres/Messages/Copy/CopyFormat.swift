// SPDX-License-Identifier: Apache-2.0
package import Wire

/// Messages that both sides send while copying.
package enum Copy {}

/// The body that CopyInResponse, CopyOutResponse and CopyBothResponse share.
package struct CopyFormat: Sendable, Equatable {
  /// 0: textual, 1: binary.
  package var overall: UInt8
  package var columns: [Int16]

  package init(overall: UInt8, columns: [Int16]) {
    self.overall = overall
    self.columns = columns
  }

  package init(from reader: inout ByteReader) throws(WireError) {
    overall = try reader.byte()
    columns = try reader.formatCodes()
  }

  package func encode(to writer: inout ByteWriter) {
    writer.append(overall)
    writer.append(formatCodes: columns)
  }
}
