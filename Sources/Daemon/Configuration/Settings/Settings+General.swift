// SPDX-License-Identifier: Apache-2.0

extension Settings {
  static let general: [Setting] = [
    Setting("name", \.name, .replicationName, "names this replication; state lives under <etcd.state_path>/<name>/"),
    Setting("log_level", \.logLevel, .word, "the least important line that is written"),
    Setting("log_format", \.logFormat, .word, "text: key=value; json: an object a line"),
  ]

  static let tables: [Setting] = [
    Setting(
      "tables.include", \.tables.selection.include,
      .patterns(TableSelection.tableParts, example: "[\"public.*\"]", mayBeEmpty: false),
      "schema.table globs (* and ?); /…/ is a regular expression on the whole of schema.table"),
    Setting(
      "tables.exclude", \.tables.selection.exclude, .patterns(TableSelection.tableParts, example: "[\"public.tmp_*\"]"),
      "the same, taken away from `include`"),
    Setting(
      "tables.keys", \.tables.selection.keyColumns, .keyColumns,
      "overrides the primary key; the columns must be unique together and not null"),
    Setting(
      "tables.without_key", \.tables.withoutKey, .word,
      "a chosen table with no primary key, no replica identity index and no `keys` entry"),
    Setting(
      "tables.columns.exclude", \.tables.selection.excludedColumns,
      .patterns(TableSelection.columnParts, example: "[\"public.users.password_hash\"]"),
      "schema.table.column globs that are left out of the values"),
    Setting(
      "tables.columns.hash", \.tables.selection.hashedColumns,
      .patterns(TableSelection.columnParts, example: "[\"public.users.email\"]"),
      "replaced by the hex SHA-256 of their text"),
    Setting(
      "tables.on_schema_change", \.tables.onSchemaChange, .word,
      "what a change of columns does to rows already in etcd"),
  ]

  static let sync: [Setting] = [
    Setting("sync.enabled", \.sync.isEnabled, .flag, "false: say so and exit 0"),
    Setting("sync.storage", \.sync.storage, .word, "json, or proto (google.protobuf.Struct)"),
    Setting(
      "sync.dump", \.sync.dump,
      .words([
        ("true", .initial), ("initial", .initial), ("false", .never), ("never", .never), ("always", .always),
        ("only", .only),
      ]),
      "load the rows that exist: true = initial, false = never"),
    Setting("sync.key", \.sync.key, .keyTemplate, "the layout of the keys; {key} is the last part"),
    Setting(
      "sync.on_lost_position", \.sync.onLostPosition, .word,
      "slot gone or invalidated, binary log purged, other system identifier"),
    Setting(
      "sync.on_oversized_row", \.sync.onOversizedRow, .word,
      "a row larger than a request to etcd; skip: logged, counted, listed in `status`"),
    Setting("sync.bigint", \.sync.bigint, .word, "how 64-bit integers are written"),
    Setting("sync.decimal", \.sync.decimal, .word, "how exact decimals are written"),
    Setting("sync.binary", \.sync.binary, .word, "how binary columns are written"),
  ]

  static let rim: [Setting] = [
    Setting("ha.enabled", \.ha.isEnabled, .flag, "leader election in etcd; a second instance waits"),
    Setting(
      "ha.lease_ttl", \.ha.leaseTTL, .wholeSeconds(.seconds(2)...(.seconds(3600)), example: "10s"),
      "how long a leader that is silent stays the leader"),
    Setting("http.listen", \.http.listen, .listenAddress, "metrics, probes and the page; \"\" switches it off"),
  ]
}
