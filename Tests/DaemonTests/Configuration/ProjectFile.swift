// SPDX-License-Identifier: Apache-2.0

@testable import Daemon

/// A file of the project, by its path from the folder that holds `Package.swift`.
enum ProjectFile {
  static func path(_ name: String) -> String {
    // …/Tests/DaemonTests/Configuration/ProjectFile.swift
    "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/" + name
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    try TextFile.read(path(name), bytesMax: 1 << 20)
  }

  static func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }
}
