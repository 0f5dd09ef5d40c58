// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// An etcd, one member or several, as seen by its own etcdctl.
public struct TestEtcd: Sendable {
  public struct KeyValue: Sendable, Equatable {
    public let key: String
    public let value: [UInt8]
    public let createRevision: Int
    public let modRevision: Int
    /// How often the key has been put since it was created; 0 for a delete.
    public let version: Int

    public var text: String { String(decoding: value, as: UTF8.self) }
  }

  public let members: [TestServer]
  /// Further arguments of etcdctl: `--user`, `--cacert`.
  public var arguments: [String] = []

  /// The server that the tests of this run share; each takes a prefix of its own.
  public static func shared(_ name: String = "etcd-3.5") throws -> TestEtcd {
    TestEtcd(members: [try TestServer.shared(name)])
  }

  /// A server for one test alone.
  ///
  /// With a folder of `Certificates` it speaks TLS only, and wants a certificate of its clients.
  public init(_ name: String = "etcd-3.5", flags: [String] = [], certificates: String? = nil) throws {
    let authority = certificates.map { ["--trusted-ca-file", "\($0)/ca.pem", "--client-cert-auth"] } ?? []
    members = [try TestServer(name, flags: authority + flags, certificates: certificates)]
    guard let certificates else { return }
    scheme = "https://"
    arguments = [
      "--cacert", "\(certificates)/ca.pem", "--cert", "\(certificates)/client.pem", "--key",
      "\(certificates)/client.key",
    ]
  }

  private init(members: [TestServer]) { self.members = members }

  /// Three members for one test alone.
  public static func cluster(_ name: String = "etcd-3.5", flags: [String] = []) throws -> TestEtcd {
    let folder = Watchdog.shared.folder + "/\(name)-cluster-\(TestServer.nextNumber())"
    let folders = ["n0", "n1", "n2"].map { folder + "/" + $0 }
    for folder in folders { Watchdog.shared.note("server \(folder)") }
    try run(
      [Fixture.packageFolder + "/tools/etcd-cluster.sh", "start", name, folder, "--"] + flags, within: .seconds(300))
    return TestEtcd(members: try folders.map { try TestServer(startedIn: $0) })
  }

  /// `host:port` of each member.
  public var endpoints: [String] { members.map { "\(scheme)127.0.0.1:\($0.port)" } }

  private var scheme = ""

  @discardableResult
  public func etcdctl(_ arguments: [String], input: String = "", within limit: Duration = .seconds(60)) throws -> String
  {
    try run(command(arguments), environment: Self.environment, input: input, within: limit)
  }

  private static let environment = ["ETCDCTL_API": "3"]

  private func command(_ further: [String]) throws -> [String] {
    let program = try TestServer.program("etcdctl", of: members[0].name)
    return [program, "--endpoints", endpoints.joined(separator: ",")] + arguments + further
  }

  /// All keys under a prefix, in key order; what the servers agree on.
  public func get(prefix: String) throws -> [KeyValue] {
    try range(["--prefix", prefix]).keyValues.map(\.keyValue)
  }

  public func get(_ key: String) throws -> KeyValue? {
    try range([key]).keyValues.first?.keyValue
  }

  /// On a busy machine etcdctl has once ended well and said nothing: it is asked again.
  private func range(_ arguments: [String]) throws -> RangeAnswer {
    var answer = ""
    for _ in 0..<3 where answer.isEmpty { answer = try etcdctl(["get"] + arguments + ["-w", "json"]) }
    return try JSONDecoder().decode(RangeAnswer.self, from: Data(answer.utf8))
  }

  /// The revision of the store now.
  public var revision: Int {
    get throws {
      try range(["/"]).header.revision
    }
  }

  /// Every put and delete under a folder, which ends in a slash, from `revision` to now, as a watch reports it: in
  /// order, none left out. A delete has version 0.
  public func history(folder: String, from revision: Int) throws -> [KeyValue] {
    // The watch is known to be complete once it has brought a key that was put after everything else. It is a key next
    // to the folder ("0" follows "/"), as what other tests have written may be too much for the time a test has.
    let parent = folder.dropLast()
    let mark = "\(parent)0\(UUID().uuidString)"
    try etcdctl(["put", mark, ""])
    let watch = try ChildProcess(
      command(["watch", folder, "\(parent)1", "--rev", "\(revision)", "-w", "json"]), environment: Self.environment)
    defer { watch.send(signal: SIGKILL) }
    let encodedMark = Data(mark.utf8).base64EncodedString()
    var output: [UInt8] = []
    var isThere = false
    let isComplete = waitUntil(within: .seconds(60)) {
      let looked = max(0, output.count - encodedMark.utf8.count)
      output += watch.output(from: output.count)
      isThere = isThere || output.contains(encodedMark, from: looked)
      // More may be written: a look may end in the middle of a line.
      return isThere && output.last == UInt8(ascii: "\n")
    }
    guard isComplete else { throw CommandError(description: "etcdctl watch did not bring the last key") }
    return try output.lines().flatMap { line in
      try JSONDecoder().decode(WatchAnswer.self, from: Data(line)).events.map(\.kv.keyValue)
    }.filter { $0.key.hasPrefix(folder) }
  }
}

/// What `etcdctl -w json` prints; keys and values are base64.
private struct RangeAnswer: Decodable {
  struct Header: Decodable {
    let revision: Int
  }
  let header: Header
  let kvs: [Entry]?
  var keyValues: [Entry] { kvs ?? [] }
}

private struct WatchAnswer: Decodable {
  struct Event: Decodable {
    let kv: Entry
  }
  let events: [Event]

  enum CodingKeys: String, CodingKey {
    case events = "Events"
  }
}

private struct Entry: Decodable {
  let key: Data
  let value: Data?
  let create_revision: Int?
  let mod_revision: Int
  let version: Int?

  var keyValue: TestEtcd.KeyValue {
    TestEtcd.KeyValue(
      key: String(decoding: key, as: UTF8.self), value: [UInt8](value ?? Data()), createRevision: create_revision ?? 0,
      modRevision: mod_revision, version: version ?? 0)
  }
}
