// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// Reused buffers for texts inside texts: an element that is quoted in its array must be unescaped before it can be
/// read as what it is. One buffer for each level of types in types, made beforehand, so no row allocates.
final class UnescapeBuffer {
  var writer = ByteWriter(capacity: 64)
  let next: UnescapeBuffer?

  init(levels: Int) {
    next = levels > 1 ? UnescapeBuffer(levels: levels - 1) : nil
  }
}
