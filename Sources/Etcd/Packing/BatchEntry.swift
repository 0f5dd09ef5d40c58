// SPDX-License-Identifier: Apache-2.0

/// One operation of an open batch, as places in the batch's bytes.
@frozen
public struct BatchEntry {
  @frozen
  public enum Kind: UInt8 {
    case put
    case delete
    /// Everything below a prefix (TRUNCATE): becomes ranges around the keys that the same request puts.
    case deletePrefix
    /// A put whose value has holes: it cannot be sent before they are filled.
    case unfilledPut
  }

  public var kind: Kind
  /// The encoded operation (`TxnRequest.success`, its tag included).
  @usableFromInline var offset: Int32
  @usableFromInline var length: Int32
  @usableFromInline var keyOffset: Int32
  @usableFromInline var keyLength: Int32
  @usableFromInline var valueOffset: Int32
  @usableFromInline var valueLength: Int32
  /// The later entry that replaced this one; `Int32.max` while it lives.
  @usableFromInline var retiredBy: Int32

  @inlinable
  init(kind: Kind, offset: Int) {
    self.kind = kind
    self.offset = Int32(offset)
    length = 0
    keyOffset = 0
    keyLength = 0
    valueOffset = 0
    valueLength = 0
    retiredBy = Int32.max
  }

  /// Whether it is part of a request made of the entries before `boundary`: what a later part replaced still counts.
  @inlinable
  func lives(before boundary: Int) -> Bool { Int(retiredBy) >= boundary }
}
