// SPDX-License-Identifier: Apache-2.0

/// A password: a text, or a file that is read again whenever the password is needed.
///
/// Whatever prints it (interpolation, `dump`, a debugger, a log's metadata) gets the same word: only `read()` gives the
/// value away, and its callers are the places where a password is sent.
package struct Secret: Sendable, Equatable {
  private enum Source: Sendable, Equatable {
    case text(String)
    case file(path: String)
  }

  private let source: Source

  /// No password.
  package static let none = Secret(source: .text(""))

  private init(source: Source) { self.source = source }

  package init(_ text: String) { source = .text(text) }
  package init(file path: String) { source = .file(path: path) }

  /// Whether there is one at all. A file counts, whatever it holds.
  package var isGiven: Bool { source != .text("") }

  /// The value now. A file is read anew: "for every `password` there is a `password_file`, read again at each
  /// reconnection". The line's end that editors and `echo` put behind it is not part of it.
  package func read() throws(SecretError) -> String {
    switch source {
    case .text(let text):
      return text
    case .file(let path):
      var bytes: [UInt8]
      do {
        bytes = try TextFile.read(path, bytesMax: Secret.bytesMax)
      } catch {
        throw SecretError(reason: "the password file \(printable(path)) \(error.reason)")
      }
      if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
        throw SecretError(reason: "the password file \(printable(path)) does not hold UTF-8 text")
      }
      return text
    }
  }

  private static let bytesMax = 64 << 10
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "(redacted)" }
  package var debugDescription: String { "(redacted)" }
  package var customMirror: Mirror { Mirror(self, children: [Mirror.Child]()) }
}

/// Why a password cannot be had. Names the file, never what is in it.
package struct SecretError: Error, Equatable, CustomStringConvertible {
  package var reason: String
  package var description: String { reason }
}
