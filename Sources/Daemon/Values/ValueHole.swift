// SPDX-License-Identifier: Apache-2.0
package import Etcd

/// A member of a written value whose bytes the log left out.
///
/// The value holds `null` there meanwhile, so it is well-formed JSON at any time; only the list of holes tells that
/// `null` from a true one, and a value goes out only when its list is empty.
package typealias ValueHole = Etcd.ValueHole

extension ValueHole {
  /// Bytes of the `null`.
  static var size: Int { 4 }
}
