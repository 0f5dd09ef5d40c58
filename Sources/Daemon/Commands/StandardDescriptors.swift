// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// Standard input, output and error.
enum StandardDescriptors {
  /// Where one of the three is closed, the next socket would get its number, and log lines would be written into a
  /// conversation with a server. So each of them is something, if only `/dev/null`.
  static func makeSure() {
    for descriptor in STDIN_FILENO...STDERR_FILENO {
      guard fcntl(descriptor, F_GETFD) == -1, errno == EBADF else { continue }
      // The lowest free number is the one that is missing.
      _ = unsafe open("/dev/null", O_RDWR)
    }
  }

  /// A reader that has gone away is an error of `write`, not the end of the process.
  static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }
}

/// The process's environment. Names without a `=` behind them are left out.
enum ProcessEnvironment {
  static func read() -> [String: String] {
    var result: [String: String] = [:]
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      let text = unsafe String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        result[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      unsafe next += 1
    }
    return result
  }
}
