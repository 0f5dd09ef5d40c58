// SPDX-License-Identifier: Apache-2.0

/// Packed bytes that cannot be unpacked, or would become more than they may.
public struct CompressionError: Error, Equatable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    /// The bytes break the format; the library's own words.
    case corrupt(String)
    /// The bytes end before what they hold does.
    case truncated
    /// They hold more, or less, than they are said to.
    case wrongCount(expected: Int)
    /// The library could not get memory.
    case noMemory
  }

  public var format: StaticString
  public var reason: Reason

  init(_ format: StaticString, _ reason: Reason) {
    self.format = format
    self.reason = reason
  }

  public var description: String {
    switch reason {
    case .corrupt(let words): "\(format): \(words)"
    case .truncated: "\(format): the packed bytes end too early"
    case .wrongCount(let expected): "\(format): the packed bytes do not hold \(expected) bytes"
    case .noMemory: "\(format): no memory"
    }
  }

  public static func == (a: CompressionError, b: CompressionError) -> Bool { a.description == b.description }
}

/// How far one step of unpacking has come.
@frozen
public struct UnpackStep: Equatable, Sendable {
  /// Packed bytes that are taken and need not be given again.
  public var taken: Int
  /// Bytes that were appended to the output.
  public var given: Int
  /// The packed unit (a zlib stream, a zstd frame) is over; bytes behind it are not touched.
  public var isEnd: Bool
}
