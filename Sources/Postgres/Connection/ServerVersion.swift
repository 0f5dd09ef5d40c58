// SPDX-License-Identifier: Apache-2.0
/// `server_version` as a number that can be compared.
package enum ServerVersion {
  /// 150018 for `15.18 (Debian 15.18-0+deb12u1)`, 180000 for `18beta1`, 90624 for `9.6.24`; zero if it is no version.
  package static func number(_ text: String) -> Int {
    let parts = text.prefix { $0.isNumber || $0 == "." }.split(separator: ".").prefix(3).map { Int($0) ?? 0 }
    // A peer's numbers, which are multiplied below: what is no part of a version must not overflow.
    guard let major = parts.first, parts.allSatisfy({ $0 < 10_000 }) else { return 0 }
    let minor = parts.count > 1 ? parts[1] : 0
    if major >= 10 { return major * 10_000 + minor }
    return major * 10_000 + minor * 100 + (parts.count > 2 ? parts[2] : 0)
  }
}
