// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL
internal import Glibc

/// OpenSSL's error queue of this thread. It is cleared before each call whose error is looked at: what an earlier call
/// left there would be taken for the reason.
enum OpenSSLErrors {
  static func clear() { ERR_clear_error() }

  /// The first error of the queue, which is the cause; the queue is empty afterwards.
  static func take() -> (code: UInt, words: String)? {
    let code = ERR_get_error()
    ERR_clear_error()
    if code == 0 { return nil }
    // 3.0 marks errno by the topmost bit of 32 (ERR_SYSTEM_FLAG), and has no words for it.
    if code & 0x8000_0000 != 0 { return (code, unsafe String(cString: strerror(Int32(code & 0x7FFF_FFFF)))) }
    guard let words = unsafe ERR_reason_error_string(code) else { return (code, "OpenSSL error \(code)") }
    return (code, unsafe String(cString: words))
  }

  static var words: String { take()?.words ?? "unknown reason" }

  /// The reason's number within its library (ERR_GET_REASON).
  static func reason(of code: UInt) -> Int32 { Int32(code & 0x7F_FFFF) }
}
