// SPDX-License-Identifier: Apache-2.0
//
//   value = l0 + l1·2⁵¹ + l2·2¹⁰² + l3·2¹⁵³ + l4·2²⁰⁴   mod p = 2²⁵⁵ - 19
//   between operations each limb is below 2⁵²

/// A number modulo 2²⁵⁵-19. Takes the same time whatever the number is.
struct Field25519: Equatable {
  private var l0, l1, l2, l3, l4: UInt64

  private static let mask: UInt64 = (1 << 51) - 1

  static let zero = Field25519(0)
  static let one = Field25519(1)

  init(_ small: UInt64) {
    l0 = small
    (l1, l2, l3, l4) = (0, 0, 0, 0)
  }

  /// 64 hexadecimal digits, most significant first, for constants.
  init(hexadecimal: String) {
    self = Field25519(0)
    for digit in hexadecimal { self = self * Field25519(16) + Field25519(UInt64(digit.hexDigitValue ?? 0)) }
  }

  private init(_ l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64, _ l4: UInt64) {
    (self.l0, self.l1, self.l2, self.l3, self.l4) = (l0, l1, l2, l3, l4)
    carry()
  }

  private mutating func carry() {
    l1 &+= l0 &>> 51
    l0 &= Self.mask
    l2 &+= l1 &>> 51
    l1 &= Self.mask
    l3 &+= l2 &>> 51
    l2 &= Self.mask
    l4 &+= l3 &>> 51
    l3 &= Self.mask
    // 2²⁵⁵ is 19.
    l0 &+= 19 &* (l4 &>> 51)
    l4 &= Self.mask
  }

  static func + (a: Field25519, b: Field25519) -> Field25519 {
    Field25519(a.l0 &+ b.l0, a.l1 &+ b.l1, a.l2 &+ b.l2, a.l3 &+ b.l3, a.l4 &+ b.l4)
  }

  /// Adds 2p first, so that no limb becomes negative.
  static func - (a: Field25519, b: Field25519) -> Field25519 {
    let low: UInt64 = (1 << 52) - 38
    let other: UInt64 = (1 << 52) - 2
    return Field25519(
      a.l0 &+ low &- b.l0, a.l1 &+ other &- b.l1, a.l2 &+ other &- b.l2, a.l3 &+ other &- b.l3,
      a.l4 &+ other &- b.l4)
  }

  static func * (a: Field25519, b: Field25519) -> Field25519 {
    func product(_ x: UInt64, _ y: UInt64) -> UInt128 { UInt128(x) &* UInt128(y) }
    // What is multiplied to 2²⁵⁵ and above comes back times 19.
    let (b1, b2, b3, b4) = (b.l1 &* 19, b.l2 &* 19, b.l3 &* 19, b.l4 &* 19)
    var r0 = product(a.l0, b.l0) &+ product(a.l1, b4)
    r0 = r0 &+ product(a.l2, b3) &+ product(a.l3, b2) &+ product(a.l4, b1)
    var r1 = product(a.l0, b.l1) &+ product(a.l1, b.l0)
    r1 = r1 &+ product(a.l2, b4) &+ product(a.l3, b3) &+ product(a.l4, b2)
    var r2 = product(a.l0, b.l2) &+ product(a.l1, b.l1)
    r2 = r2 &+ product(a.l2, b.l0) &+ product(a.l3, b4) &+ product(a.l4, b3)
    var r3 = product(a.l0, b.l3) &+ product(a.l1, b.l2)
    r3 = r3 &+ product(a.l2, b.l1) &+ product(a.l3, b.l0) &+ product(a.l4, b4)
    var r4 = product(a.l0, b.l4) &+ product(a.l1, b.l3)
    r4 = r4 &+ product(a.l2, b.l2) &+ product(a.l3, b.l1) &+ product(a.l4, b.l0)
    let mask = UInt128(Self.mask)
    r1 &+= r0 &>> 51
    r2 &+= r1 &>> 51
    r3 &+= r2 &>> 51
    r4 &+= r3 &>> 51
    let low = (r0 & mask) &+ 19 &* (r4 &>> 51)
    return Field25519(
      UInt64(truncatingIfNeeded: low & mask), UInt64(truncatingIfNeeded: (r1 & mask) &+ (low &>> 51)),
      UInt64(truncatingIfNeeded: r2 & mask), UInt64(truncatingIfNeeded: r3 & mask),
      UInt64(truncatingIfNeeded: r4 & mask))
  }

  /// 1/self by Fermat: self to the power p-2, whose bits are all ones but for bits 2 and 4.
  var inverse: Field25519 {
    var result = Field25519.one
    for bit in (0..<255).reversed() {
      result = result * result
      if bit != 2, bit != 4 { result = result * self }
    }
    return result
  }

  /// `a` if `bit` is 1, `b` if it is 0.
  static func select(_ bit: UInt64, _ a: Field25519, _ b: Field25519) -> Field25519 {
    let mask = 0 &- bit
    func pick(_ x: UInt64, _ y: UInt64) -> UInt64 { (x & mask) | (y & ~mask) }
    return Field25519(pick(a.l0, b.l0), pick(a.l1, b.l1), pick(a.l2, b.l2), pick(a.l3, b.l3), pick(a.l4, b.l4))
  }

  /// The one representation below p, least significant byte first.
  var bytes: [UInt8] {
    var reduced = self
    reduced.carry()
    reduced.carry()
    // 1 if what is there is p or more.
    var excess = (reduced.l0 &+ 19) &>> 51
    excess = (reduced.l1 &+ excess) &>> 51
    excess = (reduced.l2 &+ excess) &>> 51
    excess = (reduced.l3 &+ excess) &>> 51
    excess = (reduced.l4 &+ excess) &>> 51
    reduced.l0 &+= 19 &* excess
    reduced.l1 &+= reduced.l0 &>> 51
    reduced.l2 &+= reduced.l1 &>> 51
    reduced.l3 &+= reduced.l2 &>> 51
    reduced.l4 &+= reduced.l3 &>> 51
    let limbs = [reduced.l0, reduced.l1, reduced.l2, reduced.l3, reduced.l4].map { $0 & Self.mask }
    return (0..<32).map { index in
      let bit = index * 8
      var value = limbs[bit / 51] &>> UInt64(bit % 51)
      if bit % 51 > 43, bit / 51 < 4 { value |= limbs[bit / 51 + 1] &<< UInt64(51 - bit % 51) }
      return UInt8(truncatingIfNeeded: value)
    }
  }
}
