// SPDX-License-Identifier: Apache-2.0
//
//   writer   [ taken | own bytes ... | own bytes ... | own bytes ... ]
//   loans                            ↑ at            ↑ at              bytes of others, sent between ours
internal import Glibc

/// Bytes waiting to be sent: written at the end by a machine, taken from the front by a link.
@safe
public final class SendBuffer {
  /// Machines encode straight into it.
  public var writer: ByteWriter
  private var taken = 0
  private var loans: [Loan] = []
  /// Whether the link can gather bytes from several places; if not, what is lent is copied.
  var gathers = false
  /// Sent bytes that may stay in front of the unsent ones.
  private static let deadBytesMax = 64 * 1024
  /// Less is copied: a piece of its own costs more than that.
  private static let loanBytesMin = 1024

  @safe
  private struct Loan {
    /// How many of the writer's bytes go before it.
    var at: Int
    var bytes: UnsafeRawBufferPointer
    /// Keeps the bytes where they are.
    let owner: AnyObject
  }

  public init(capacity: Int = 16 * 1024) {
    writer = ByteWriter(capacity: capacity)
  }

  /// Bytes not sent yet.
  public var count: Int {
    var count = writer.count - taken
    for loan in loans { unsafe count += loan.bytes.count }
    return count
  }

  public var isEmpty: Bool { loans.isEmpty && taken == writer.count }

  /// Sends `bytes` behind what is written, if possible from where they lie: the owner leaves them there, as they are,
  /// as long as it is referenced from here.
  public func lend(_ bytes: RawSpan, of owner: AnyObject) {
    guard gathers, bytes.byteCount >= Self.loanBytesMin else { return writer.append(bytes) }
    unsafe bytes.withUnsafeBytes { unsafe loans.append(Loan(at: writer.count, bytes: $0, owner: owner)) }
  }

  /// The first piece of what is not sent yet: all of it, if nothing is lent.
  public func withUnsent<R>(_ body: (RawSpan) -> R) -> R {
    guard let loan = loans.first else { return writer.withBytes(from: taken, body) }
    if loan.at == taken { return unsafe body(loan.bytes.bytes) }
    return writer.withBytes(from: taken) { body($0.extracting(..<(loan.at - taken))) }
  }

  /// What is not sent yet, in as many pieces as there is room for; answers how many.
  func list(into pieces: UnsafeMutableBufferPointer<iovec>) -> Int {
    var used = 0
    func add(_ bytes: UnsafeRawBufferPointer) {
      if unsafe bytes.isEmpty || used == pieces.count { return }
      unsafe pieces[used] = iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
      used += 1
    }
    writer.withBytes { (bytes: RawSpan) in
      unsafe bytes.withUnsafeBytes { own in
        var from = taken
        for loan in loans {
          unsafe add(UnsafeRawBufferPointer(rebasing: own[from..<loan.at]))
          unsafe add(loan.bytes)
          from = loan.at
        }
        unsafe add(UnsafeRawBufferPointer(rebasing: own[from...]))
      }
    }
    return used
  }

  /// The link has sent the first `count` unsent bytes.
  public func sent(_ count: Int) {
    precondition(count >= 0 && count <= self.count)
    var rest = count
    var done = 0
    while rest > 0 {
      let own = min(rest, (done < loans.count ? loans[done].at : writer.count) - taken)
      taken += own
      rest -= own
      if rest == 0 { break }
      let lent = unsafe min(rest, loans[done].bytes.count)
      unsafe loans[done].bytes = UnsafeRawBufferPointer(rebasing: loans[done].bytes[lent...])
      rest -= lent
      if unsafe loans[done].bytes.isEmpty { done += 1 }
    }
    if done > 0 { loans.removeFirst(done) }
    if isEmpty {
      writer.clear()
      taken = 0
    } else if taken >= Self.deadBytesMax, taken >= writer.count - taken {
      // Never quite drained, it would grow for ever. What is moved is no more than what was sent since the last move.
      writer.removeFirst(taken)
      for index in loans.indices { loans[index].at -= taken }
      taken = 0
    }
  }
}
