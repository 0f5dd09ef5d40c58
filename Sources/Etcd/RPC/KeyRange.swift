// SPDX-License-Identifier: Apache-2.0

/// The two keys that name a range of keys.
public enum KeyRange {
  /// The range's end for all keys that begin with `prefix`: the next key that does not.
  /// A prefix of 0xFF bytes only (or an empty one) has no such key: the end is then `[0]`, every key from there on.
  public static func end(ofPrefix prefix: [UInt8]) -> [UInt8] {
    var end = prefix
    while let last = end.last {
      if last < 0xFF {
        end[end.count - 1] = last + 1
        return end
      }
      end.removeLast()
    }
    return [0]
  }

  /// The key right after `key`.
  public static func after(_ key: [UInt8]) -> [UInt8] { key + [0] }
}
