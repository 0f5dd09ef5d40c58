// SPDX-License-Identifier: Apache-2.0

/// A place in a value where a member is missing, because the source's log left its column out.
public struct ValueHole: BitwiseCopyable, Equatable, Sendable {
  /// The column's place in its table's plan.
  public var column: Int
  /// Where the member belongs, in bytes from the start of the value as it stands.
  public var offset: Int

  public init(column: Int, offset: Int) {
    self.column = column
    self.offset = offset
  }
}

/// A put that waits for the present value of a key.
public struct UnfilledPut: Equatable, Sendable {
  public var entry: Int
  /// The caller's number for the table, by which it finds the plan again.
  public var table: Int
  public var sourceKey: [UInt8]
  public var holes: [ValueHole]
}
