// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// Who leads: the value of the leader key.
struct Holder: Equatable, CustomStringConvertible {
  var instance: String
  var process: ProcessIdentity

  var description: String { "instance \(instance), process \(process.pid) on \(process.host)" }

  func encoded() -> [UInt8] {
    JSONObject.encoded([
      ("instance", .string(instance)), ("host", .string(process.host)), ("boot", .string(process.boot)),
      ("namespace", .string(process.namespace)), ("pid", .number(process.pid)), ("started", .number(process.started)),
    ])
  }

  init(instance: String, process: ProcessIdentity) {
    self.instance = instance
    self.process = process
  }

  /// nil: not written by us.
  init?(decoding bytes: [UInt8]) {
    guard let object = try? JSONObject(decoding: bytes), let instance = object["instance"]?.text,
      let host = object["host"]?.text, let boot = object["boot"]?.text, let namespace = object["namespace"]?.text,
      let pid = object["pid"]?.integer, let started = object["started"]?.integer
    else { return nil }
    self.instance = instance
    process = ProcessIdentity(host: host, boot: boot, namespace: namespace, pid: pid, started: started)
  }
}
