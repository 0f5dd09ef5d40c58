// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0
//
// The rooms, and which way the doors open (docs/ARCHITECTURE.md):
//
//   COpenSSL, CZlib, CZstd, CDeflate → Wire → { Postgres | MySQL | Etcd } → Daemon → syncd      never sideways
//   CYAML ────────────────────────────────────────────────────────┘
import PackageDescription

let strict: [SwiftSetting] = [
  .enableExperimentalFeature("Lifetimes"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let library: [SwiftSetting] = strict + [.strictMemorySafety()]

let package = Package(
  name: "sync",
  products: [.executable(name: "syncd", targets: ["syncd"])],
  dependencies: [
    // The command line: parsing, help and usage errors (exit 64).
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // The log line's front: levels and metadata. The handler is ours.
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .systemLibrary(name: "CDeflate"),
    .systemLibrary(name: "COpenSSL"),
    .systemLibrary(name: "CYAML"),
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CZstd"),
    .target(name: "Wire", dependencies: ["COpenSSL", "CZlib", "CZstd", "CDeflate"], swiftSettings: library),
    .target(name: "Postgres", dependencies: ["Wire"], swiftSettings: library),
    .target(name: "MySQL", dependencies: ["Wire"], swiftSettings: library),
    .target(name: "Etcd", dependencies: ["Wire"], swiftSettings: library),
    .target(
      name: "Daemon",
      dependencies: [
        "Wire", "Postgres", "MySQL", "Etcd", "CYAML",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: library),
    .executableTarget(name: "syncd", dependencies: ["Daemon"], swiftSettings: library),
    // What tests share: captures, scripted peers, real servers.
    .target(name: "Support", dependencies: ["Wire"], path: "Tests/Support", swiftSettings: strict),
    .testTarget(name: "WireTests", dependencies: ["Wire", "Support"], swiftSettings: strict),
    .testTarget(name: "PostgresTests", dependencies: ["Postgres", "Wire", "Support"], swiftSettings: strict),
    .testTarget(name: "MySQLTests", dependencies: ["MySQL", "Wire", "Support"], swiftSettings: strict),
    .testTarget(name: "EtcdTests", dependencies: ["Etcd", "Wire", "Support"], swiftSettings: strict),
    .testTarget(
      name: "DaemonTests", dependencies: ["Daemon", "Postgres", "MySQL", "Etcd", "Wire", "Support"],
      swiftSettings: strict),
    .testTarget(
      name: "ConformanceTests", dependencies: ["Postgres", "MySQL", "Etcd", "Wire", "Support"], swiftSettings: strict),
    .testTarget(name: "EndToEndTests", dependencies: ["Support"], swiftSettings: strict),
    .testTarget(name: "TidyTests", dependencies: ["Support"], swiftSettings: strict),
  ]
)

// Measurements, left out of an ordinary build.
if Context.environment["SYNC_BENCHMARKS"] != nil {
  package.targets += [
    .executableTarget(
      name: "Transcode", dependencies: ["Daemon", "Postgres", "MySQL", "Etcd", "Wire"], path: "Benchmarks/Transcode",
      swiftSettings: strict),
    .executableTarget(
      name: "Limits", dependencies: ["Daemon", "Postgres", "MySQL", "Etcd", "Wire"], path: "Benchmarks/Limits",
      swiftSettings: strict),
  ]
}
