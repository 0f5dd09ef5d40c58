// SPDX-License-Identifier: Apache-2.0

/// A place in a value where a member is missing, because the source's log left its column out.
public struct ValueHole: BitwiseCopyable, Equatable, Sendable {
  /// The column's place in its table's plan.
  public var column: Int
  /// Where the member belongs, in bytes from the start of the value as it stands.
  public var offset: Int
  /// The caller's number for what becomes of the member's earlier value; 0: it stays as it was.
  public var change: Int

  public init(column: Int, offset: Int, change: Int = 0) {
    self.column = column
    self.offset = offset
    self.change = change
  }
}

/// A put that waits for the present value of a key.
public struct UnfilledPut: Equatable, Sendable {
  public var entry: Int
  /// The caller's number for the table, by which it finds the plan again.
  public var table: Int
  public var sourceKey: [UInt8]
  public var holes: [ValueHole]
  /// The entry of this batch that held the row before: once that entry is in etcd, its key has what is missing.
  public var predecessor: Int?
  public var place: CutPlace
  /// The same behind its change, once another change has begun.
  public var placeBehind: CutPlace?
  /// The same behind its transaction, once that is complete: cut there, none is torn.
  public var placeAtEnd: CutPlace?

  /// The put under other numbers.
  func renumbered(entry: Int, predecessor: Int?, _ start: (Int) -> Int) -> UnfilledPut {
    var moved = self
    moved.entry = entry
    moved.predecessor = predecessor
    moved.place = place.renumbered(start)
    moved.placeBehind = placeBehind?.renumbered(start)
    moved.placeAtEnd = placeAtEnd?.renumbered(start)
    return moved
  }
}

/// Where a request can end beside a put that turns out to be too large for it, and what is true in the source then.
public struct CutPlace: Equatable, Sendable {
  /// The first entry of the put's transaction, and of its change.
  public internal(set) var transactionStart = 0
  public internal(set) var changeStart = 0
  /// The caller's position behind the last transaction that was complete before, of the transaction itself, and the
  /// number of the change in it.
  public var completePosition: UInt64
  public var openPosition: UInt64
  public var ordinal: Int

  public init(completePosition: UInt64, openPosition: UInt64, ordinal: Int) {
    self.completePosition = completePosition
    self.openPosition = openPosition
    self.ordinal = ordinal
  }

  func renumbered(_ start: (Int) -> Int) -> CutPlace {
    var moved = self
    moved.transactionStart = start(transactionStart)
    moved.changeStart = start(changeStart)
    return moved
  }
}
