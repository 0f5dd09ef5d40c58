// SPDX-License-Identifier: Apache-2.0
import Daemon
import MySQL
import Support
import Testing

/// The shortest number that reads back: whatever way it is found.
@Suite struct RealTextTests {
  private let double: MySQLRowWriter
  private let float: MySQLRowWriter

  init() throws {
    double = try MySQLRowWriter([ColumnDefinition(name: "", type: .double, metadata: 8)])
    float = try MySQLRowWriter([ColumnDefinition(name: "", type: .float, metadata: 4)])
  }

  private func text(_ value: Double) throws -> String {
    let bytes = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    return String(try double.value([.bytes(bytes)]).dropFirst(4).dropLast())
  }

  private func text(_ value: Float) throws -> String {
    let bytes = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    return String(try float.value([.bytes(bytes)]).dropFirst(4).dropLast())
  }

  /// The digits alone, without zeros at either end.
  private func digits(_ text: some StringProtocol) -> String {
    let mantissa = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
    return String(String(mantissa.reversed()).drop { $0 == "0" }.reversed())
  }

  @Test func manyNumbers() throws {
    var generator = SeededGenerator(seed: 30)
    for round in 0..<60_000 {
      let value: Double
      switch round % 4 {
      case 0: value = Double(bitPattern: generator.next())
      case 1: value = Double(Int64(bitPattern: generator.next()) >> 20) / 1_000
      case 2: value = Double(Int64(bitPattern: generator.next()) >> Int64(generator.next() % 64)) / 1e6
      default: value = Double(Int64(bitPattern: generator.next()) >> 4) * 1e-9
      }
      guard value.isFinite else { continue }
      let printed = try text(value)
      #expect(Double(printed)?.bitPattern == value.bitPattern, "\(value) is \(printed)")
      #expect(digits(printed) == digits(value.description), "\(value) is \(printed)")
      let single = Float(value)
      guard single.isFinite else { continue }
      let printedSingle = try text(single)
      #expect(Float(printedSingle)?.bitPattern == single.bitPattern, "\(single) is \(printedSingle)")
      #expect(digits(printedSingle) == digits(single.description), "\(single) is \(printedSingle)")
    }
  }

  @Test(arguments: [
    (0, "0"), (-0.0, "-0"), (1, "1"), (0.1, "0.1"), (-12.5, "-12.5"), (1e14, "100000000000000"), (1e15, "1e15"),
    (999_999_999_999_999, "999999999999999"), (1_234_567_890_123_456, "1.234567890123456e15"),
    (1_234_567_890_123_456.8, "1234567890123456.8"), (1e-15, "0.000000000000001"), (1e-16, "1e-16"),
    (1.5e-20, "1.5e-20"), (Double.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e308"),
    (1e23, "1e23"),
    (0.000001, "0.000001"), (0.1 + 0.2, "0.30000000000000004"),
  ])
  func notation(_ value: Double, _ expected: String) throws {
    #expect(try text(value) == expected)
  }
}
