// SPDX-License-Identifier: Apache-2.0
import Etcd
import Glibc
import Postgres
import Wire

/// Connections to the servers of a run, by the daemon's own clients.
struct Servers {
  let loop: PollLoop
  let etcd: EtcdClient
  private let port: UInt16?

  init(postgres: String?, etcd: String) throws {
    loop = try PollLoop()
    self.etcd = EtcdClient(EtcdConfiguration(endpoints: ["127.0.0.1:\(etcd)"]), loop: loop)
    port = postgres.flatMap { UInt16($0) }
  }

  func openPostgres() throws -> PostgresConnection {
    guard let port else { fail("no port of PostgreSQL") }
    let password = getenv("PGPASSWORD").map { unsafe String(cString: $0) }
    let options = PostgresOptions(
      hosts: ["127.0.0.1"], port: port, user: "sync", database: "bench", tlsMode: .disable,
      parameters: [
        ("TimeZone", "UTC"), ("DateStyle", "ISO"), ("IntervalStyle", "postgres"), ("extra_float_digits", "1"),
        ("client_encoding", "UTF8"),
      ], password: { password })
    return try PostgresConnection.open(options, loop: loop, deadline: .after(.seconds(10)))
  }

  /// Looks every 10 ms: cheap beside what is measured, and precise enough for seconds.
  func awaitKey(_ key: String, containing text: String) throws {
    let wanted = Array(text.utf8)
    let end = Deadline.after(.seconds(600))
    while !end.isPast {
      let answer = try etcd.range(RangeRequest(key: Array(key.utf8)), deadline: .after(.seconds(30)))
      if let found = answer.first, wanted.isEmpty || found.value.contains(wanted) { return }
      _ = loop.pump(until: .after(.milliseconds(10))) { nil as Bool? }
    }
    fail("\(key) has not come in ten minutes")
  }
}

/// Seconds on a clock that nobody sets, or of this process's CPU.
func now(_ clock: clockid_t = CLOCK_MONOTONIC) -> Double {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// `value` with so many decimals.
func text(_ value: Double, decimals: Int) -> String {
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = Int((value * scale).rounded())
  guard decimals > 0 else { return "\(scaled)" }
  let fraction = "\(scaled % Int(scale))"
  return "\(scaled / Int(scale))." + String(repeating: "0", count: decimals - fraction.count) + fraction
}
