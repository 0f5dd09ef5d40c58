// SPDX-License-Identifier: Apache-2.0
//
// The other side of `make bench` (tools/bench.sh): what etcd takes if somebody only sends, when a key has arrived, and
// whether every row is what its key holds.
//
//   Limits send    PG_PORT ETCD_PORT PREFIX QUERY     rows of QUERY as finished requests in memory, then only sent
//   Limits send-lines     ETCD_PORT PREFIX KEYS       the same for rows of standard input: end of the key, tab, value
//   Limits await   ETCD_PORT KEY [TEXT]               until KEY is there and, if given, its value contains TEXT
//   Limits compare PG_PORT ETCD_PORT PREFIX TABLE     each row, as row_to_json prints it, with each key
//   Limits compare-lines  ETCD_PORT KEYS              the same for rows of standard input
import Etcd
import Glibc
import Postgres
import Wire

func fail(_ text: String) -> Never {
  let line = Array("Limits: \(text)\n".utf8)
  _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(1)
}

func compare(_ comparison: Comparison) throws {
  try comparison.run()
  if !comparison.isEqual { exit(1) }
}

Startup.prepare()
let arguments = CommandLine.arguments
do {
  switch (arguments.dropFirst().first, arguments.count) {
  case ("send", 6):
    let servers = try Servers(postgres: arguments[2], etcd: arguments[3])
    try Sender(servers, prefix: arguments[4]).run(arguments[5])
  case ("send-lines", 5):
    let servers = try Servers(postgres: nil, etcd: arguments[2])
    try Sender(servers, prefix: arguments[3]).run(RowLines(prefix: arguments[4]))
  case ("await", 4), ("await", 5):
    let servers = try Servers(postgres: nil, etcd: arguments[2])
    try servers.awaitKey(arguments[3], containing: arguments.count == 5 ? arguments[4] : "")
  case ("compare", 6):
    let servers = try Servers(postgres: arguments[2], etcd: arguments[3])
    let rows = try CopiedRows(servers, prefix: arguments[4], table: arguments[5])
    try compare(Comparison(servers, prefix: arguments[4], source: rows))
  case ("compare-lines", 4):
    let servers = try Servers(postgres: nil, etcd: arguments[2])
    try compare(Comparison(servers, prefix: arguments[3], source: RowLines(prefix: arguments[3])))
  default: fail("usage: send | send-lines | await | compare | compare-lines, see the head of main.swift")
  }
} catch {
  fail("\(error)")
}
