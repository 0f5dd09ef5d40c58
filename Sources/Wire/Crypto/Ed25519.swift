// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// Signatures of RFC 8032 with a secret of any length.
///
/// A key of the RFC is a seed of 32 bytes, which SHA-512 expands. MariaDB's `client_ed25519` expands the password
/// itself, of whatever length; OpenSSL takes seeds only. So the curve is here.
public enum Ed25519 {
  public static let signatureByteCount = 64

  /// "5.1.6. Sign", with SHA-512(`secret`) as the expanded key.
  public static func sign(_ message: [UInt8], secret: [UInt8]) -> [UInt8] {
    let (scalar, prefix) = expand(secret)
    let publicKey = Point.base.times(scalar).encoded
    let nonce = Scalar.reduced(Digest.sha512.hash(prefix + message))
    let commitment = Point.base.times(nonce).encoded
    let challenge = Scalar.reduced(Digest.sha512.hash(commitment + publicKey + message))
    return commitment + Scalar.multiplyAdd(challenge, scalar, nonce)
  }

  /// "5.1.5. Key Generation", likewise.
  public static func publicKey(secret: [UInt8]) -> [UInt8] {
    Point.base.times(expand(secret).scalar).encoded
  }

  private static func expand(_ secret: [UInt8]) -> (scalar: [UInt8], prefix: [UInt8]) {
    let hash = Digest.sha512.hash(secret)
    var scalar = Array(hash.prefix(32))
    scalar[0] &= 248
    scalar[31] = scalar[31] & 63 | 64
    return (scalar, Array(hash.suffix(32)))
  }

  /// A point of the curve -x² + y² = 1 + dx²y²: x = X/Z, y = Y/Z, xy = T/Z.
  private struct Point {
    var x, y, z, t: Field25519

    static let identity = Point(x: .zero, y: .one, z: .one, t: .zero)
    /// "B".
    static let base: Point = {
      let x = Field25519(hexadecimal: "216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a")
      let y = Field25519(4) * Field25519(5).inverse
      return Point(x: x, y: y, z: .one, t: x * y)
    }()
    private static let twoD = {
      let d = Field25519(hexadecimal: "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3")
      return d + d
    }()

    /// "5.1.4. Point Addition": complete, so it doubles too.
    static func + (p: Point, q: Point) -> Point {
      let a = (p.y - p.x) * (q.y - q.x)
      let b = (p.y + p.x) * (q.y + q.x)
      let c = p.t * twoD * q.t
      let d = (p.z + p.z) * q.z
      let (e, f, g, h) = (b - a, d - c, d + c, b + a)
      return Point(x: e * f, y: g * h, z: f * g, t: e * h)
    }

    /// Adds at each bit and keeps the sum or not, so that the time tells nothing of the scalar.
    func times(_ scalar: [UInt8]) -> Point {
      var result = Point.identity
      for bit in (0..<256).reversed() {
        result = result + result
        let sum = result + self
        let choice = UInt64(scalar[bit / 8] >> UInt8(bit % 8) & 1)
        result = Point(
          x: .select(choice, sum.x, result.x), y: .select(choice, sum.y, result.y),
          z: .select(choice, sum.z, result.z), t: .select(choice, sum.t, result.t))
      }
      return result
    }

    /// "5.1.2. Encoding": y, and the lowest bit of x in the topmost.
    var encoded: [UInt8] {
      let inverse = z.inverse
      var bytes = (y * inverse).bytes
      bytes[31] |= (x * inverse).bytes[0] << 7
      return bytes
    }
  }

  /// Numbers modulo the order L of the base point, 32 bytes, least significant first.
  private enum Scalar {
    private static let orderDigits = "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"

    static func reduced(_ bytes: [UInt8]) -> [UInt8] { multiplyAdd(bytes, [1], [0]) }

    /// a·b + c.
    static func multiplyAdd(_ a: [UInt8], _ b: [UInt8], _ c: [UInt8]) -> [UInt8] {
      var order: OpaquePointer?
      let context = unsafe BN_CTX_secure_new()
      let x = unsafe BN_lebin2bn(a, Int32(a.count), nil)
      let y = unsafe BN_lebin2bn(b, Int32(b.count), nil)
      let z = unsafe BN_lebin2bn(c, Int32(c.count), nil)
      let result = unsafe BN_secure_new()
      defer {
        unsafe BN_clear_free(x)
        unsafe BN_clear_free(y)
        unsafe BN_clear_free(z)
        unsafe BN_clear_free(result)
        unsafe BN_free(order)
        unsafe BN_CTX_free(context)
      }
      var bytes = [UInt8](repeating: 0, count: 32)
      var done = unsafe BN_hex2bn(&order, orderDigits) != 0
      unsafe done = done && BN_mod_mul(result, x, y, order, context) == 1
      unsafe done = done && BN_mod_add(result, result, z, order, context) == 1
      unsafe done = done && BN_bn2lebinpad(result, &bytes, 32) == 32
      precondition(done, "no memory for a number of 64 bytes")
      return bytes
    }
  }
}
