// SPDX-License-Identifier: Apache-2.0
//
//   storage  [ consumed | unread bytes ... | free ............ ]
//            0          start              end                 capacity
internal import Glibc

/// Bytes that have arrived and are not consumed yet: filled at the end by a link, consumed at the start by a machine.
///
/// It grows only for bytes that are really there or for `room` that the caller names from its own limits, never for
/// what a peer's length field claims; it moves the unread rest to the front when the end is reached.
@safe
public final class ReceiveBuffer {
  @usableFromInline var base: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int
  @usableFromInline var start = 0
  @usableFromInline var end = 0
  /// Bytes consumed since the connection began: the offset of `unread` in the stream, for error messages.
  @inlinable public var consumedTotal: Int { total }
  @usableFromInline var total = 0
  /// A machine that knows how long the message at the front is says so here (bytes from the front), so that a link goes
  /// on reading above its high-water mark until it is whole. Back to 0 with the next `consume`.
  public var wanted = 0

  public init(capacity: Int = 64 * 1024) {
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    self.capacity = capacity
  }

  deinit { unsafe base.deallocate() }

  /// Bytes that can be consumed now.
  @inlinable public var count: Int { end &- start }

  /// What has arrived and is not consumed: valid until the buffer is next filled or consumed.
  @inlinable
  public var unread: RawSpan {
    @_lifetime(borrow self)
    get {
      let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base + start), byteCount: end &- start)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The machine is done with the first `count` unread bytes.
  @inlinable
  public func consume(_ count: Int) {
    precondition(count >= 0 && count <= end &- start)
    start &+= count
    total &+= count
    wanted = 0
    if start == end {
      start = 0
      end = 0
      if capacity > Self.keptBytesMax { shrink() }
    }
  }

  /// One huge message does not keep its memory for the life of the connection.
  @usableFromInline static let keptBytesMax = 4 << 20

  @usableFromInline
  func shrink() {
    unsafe base.deallocate()
    capacity = 128 * 1024
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
  }

  /// Lets `body` write up to `room` bytes behind the last one; `body` answers how many it wrote.
  public func fill<E: Error>(
    room: Int, _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) -> Int {
    makeRoom(room)
    let filled = try unsafe body(UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end))
    precondition(filled >= 0 && filled <= capacity - end)
    end += filled
    return filled
  }

  /// Appends bytes from elsewhere: a TLS record, a test.
  public func append(_ bytes: RawSpan) {
    _ = unsafe fill(room: bytes.byteCount) { (free: UnsafeMutableRawBufferPointer) -> Int in
      unsafe bytes.withUnsafeBytes { source in
        if let from = source.baseAddress { unsafe memcpy(free.baseAddress!, from, source.count) }
      }
      return bytes.byteCount
    }
  }

  private func makeRoom(_ room: Int) {
    if capacity - end >= room { return }
    let unread = end - start
    // Moved only when that frees as much as it moves; else a buffer that is nearly full would be moved at each read.
    if capacity - unread >= room, start >= unread {
      unsafe memmove(base, base + start, unread)
    } else {
      let bigger = max(capacity * 2, unread + room)
      let fresh = UnsafeMutableRawPointer.allocate(byteCount: bigger, alignment: 16)
      unsafe memcpy(fresh, base + start, unread)
      unsafe base.deallocate()
      unsafe base = fresh
      capacity = bigger
    }
    start = 0
    end = unread
  }
}
