// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL
internal import Glibc

/// What a process that uses this room does before anything else.
public enum Startup {
  /// Call it first in `main`, before another thread exists.
  ///
  /// A statically linked program otherwise loads the host's own libraries behind our back: name service modules beyond
  /// `files` and `dns`, which may need another libc, and whatever OpenSSL's configuration file names. And a peer that
  /// has gone must be an error of a call, not a signal that ends us.
  public static func prepare() {
    _ = unsafe __nss_configure_lookup("hosts", "files dns")
    _ = OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
    signal(SIGPIPE, SIG_IGN)
  }
}
