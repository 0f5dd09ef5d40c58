// SPDX-License-Identifier: Apache-2.0
import Etcd
import Support
import Wire

/// A client on a loop of its own, and a prefix that no other test uses.
final class ClientUnderTest {
  let loop: PollLoop
  let client: EtcdClient
  let prefix: String

  init(_ endpoints: [String], adjust: (inout EtcdConfiguration) -> Void = { _ in }) throws {
    loop = try PollLoop()
    var configuration = EtcdConfiguration(endpoints: endpoints)
    adjust(&configuration)
    client = EtcdClient(configuration, loop: loop)
    prefix = "/tests/\(UInt64.random(in: 0 ... .max))/"
  }

  var soon: Deadline { .after(.seconds(20)) }

  func key(_ name: String) -> [UInt8] { Array((prefix + name).utf8) }

  /// All keys under the prefix.
  func everything(limit: Int64 = 0) throws -> RangeResponse {
    try client.range(
      RangeRequest(key: key(""), rangeEnd: KeyRange.end(ofPrefix: key("")), limit: limit), deadline: soon)
  }

  /// Turns the loop until `ready` answers, or fails the test by answering nil.
  func wait<T>(within seconds: Int = 20, _ ready: () -> T?) -> T? {
    loop.pump(until: .after(.seconds(seconds))) {
      client.advance()
      return ready()
    }
  }

  func turn(for duration: Duration) { _ = loop.pump(until: .after(duration)) { nil as Bool? } }

  /// Begins a transaction and waits for its outcome.
  func settle(_ body: [UInt8], within limit: Duration = .seconds(20)) throws -> Result<TxnOutcome, EtcdError>? {
    let call = try client.begin(transaction: body.span.bytes, deadline: .after(limit))
    return wait { client.outcome(of: call) }
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
