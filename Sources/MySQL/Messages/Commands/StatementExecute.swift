// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Command {
  /// COM_STMT_EXECUTE. How many parameters there are only the statement's definition tells, so decoding is told.
  package struct StatementExecute: Sendable, Equatable {
    package static let name: StaticString = "COM_STMT_EXECUTE"
    package static let code: UInt8 = 0x17
    private static let newParametersBound: UInt8 = 1

    package var statementID: UInt32
    /// CURSOR_TYPE_NO_CURSOR is 0, CURSOR_TYPE_READ_ONLY 1.
    package var flags: UInt8
    package var parameters: [StatementValue]

    package init(statementID: UInt32, flags: UInt8 = 0, parameters: [StatementValue]) {
      self.statementID = statementID
      self.flags = flags
      self.parameters = parameters
    }

    package init(payload: RawSpan, parameterCount: Int) throws(WireError) {
      var reader = ByteReader(payload)
      try reader.expect(Self.code)
      statementID = try reader.littleEndian()
      flags = try reader.byte()
      guard try reader.littleEndian(UInt32.self) == 1 else {
        throw WireError(.badValue("an iteration count other than 1"), offset: 6, context: Self.name)
      }
      parameters = []
      if parameterCount > 0 {
        let nulls = try reader.bytes((parameterCount + 7) / 8)
        guard try reader.byte() == Self.newParametersBound else {
          throw WireError(.badValue("parameters without types"), offset: reader.offset, context: Self.name)
        }
        var types = ByteReader(try reader.bytes(2 * parameterCount))
        for index in 0..<parameterCount {
          let type = ColumnType(rawValue: try types.byte())
          let flag = try types.byte()
          let isNull = nulls[index / 8] & (1 << UInt8(index % 8)) != 0
          parameters.append(isNull ? .null : try StatementValue(type: type, flag: flag, from: &reader))
        }
      }
      try reader.end(Self.name)
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(Self.code)
      writer.append(littleEndian: statementID)
      writer.append(flags)
      writer.append(littleEndian: 1 as UInt32)
      if parameters.isEmpty { return }
      var nulls = [UInt8](repeating: 0, count: (parameters.count + 7) / 8)
      for (index, parameter) in parameters.enumerated() where parameter == .null {
        nulls[index / 8] |= 1 << UInt8(index % 8)
      }
      writer.append(nulls)
      writer.append(Self.newParametersBound)
      for parameter in parameters {
        let (type, flag) = parameter.typeAndFlag
        writer.append(type.rawValue)
        writer.append(flag)
      }
      for parameter in parameters { parameter.encode(to: &writer) }
    }
  }
}
