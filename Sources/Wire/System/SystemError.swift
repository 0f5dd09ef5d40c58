// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The machine said no: which call, and why.
public struct SystemError: Error, Equatable, CustomStringConvertible {
  public var call: StaticString
  public var errno: Int32

  public init(_ call: StaticString, errno: Int32) {
    self.call = call
    self.errno = errno
  }

  /// The error that the last call of this thread has left behind.
  static func last(_ call: StaticString) -> SystemError { SystemError(call, errno: Glibc.errno) }

  /// What the number means, in words.
  public var reason: String { unsafe String(cString: strerror(errno)) }

  public var description: String { "\(call): \(reason)" }

  public static func == (a: SystemError, b: SystemError) -> Bool {
    a.errno == b.errno && "\(a.call)" == "\(b.call)"
  }
}
