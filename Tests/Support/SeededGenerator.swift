// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Random numbers that come again from the same seed: a 64-bit Weyl sequence with a multiplicative finisher, as in
/// Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (2014), section 4.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  public let seed: UInt64
  private var state: UInt64

  public init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A seed that differs from run to run; `SYNC_TEST_SEED` repeats one.
  public static let ofThisRun: UInt64 =
    ProcessInfo.processInfo.environment["SYNC_TEST_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...999_999_999)
}
