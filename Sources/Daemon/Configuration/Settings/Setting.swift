// SPDX-License-Identifier: Apache-2.0

/// One key of the configuration: how it is called, what it takes, where it goes and what it means.
///
/// The tables of these (`Settings`) are the only place that knows: parsing, the names of environment variables, the
/// nearest key of a message and the reference page are all read from them.
struct Setting: Sendable {
  /// "database.tls.mode"
  let path: String
  /// "SYNC_DATABASE_TLS_MODE"
  let environmentName: String
  let summary: String
  let expects: String
  /// A value that is right, as it is written behind the key.
  let example: String
  let form: SettingForm
  let isSecret: Bool
  /// As the default is written behind the key.
  let defaultText: String
  let apply: @Sendable (GivenValue, inout Configuration) throws(Refusal) -> Void

  init<Value>(
    _ path: String, _ target: any WritableKeyPath<Configuration, Value> & Sendable, _ kind: SettingKind<Value>,
    _ summary: String
  ) {
    self.path = path
    environmentName = "SYNC_" + path.uppercased().split(separator: ".").joined(separator: "_")
    self.summary = summary
    expects = kind.expects
    example = kind.example
    form = kind.form
    isSecret = kind.isSecret
    defaultText = kind.write(Configuration()[keyPath: target])
    apply = { (value, configuration) throws(Refusal) in configuration[keyPath: target] = try kind.read(value) }
  }

  /// "mode"
  var leaf: String { String(path[(path.lastIndex(of: ".").map(path.index(after:)) ?? path.startIndex)...]) }

  /// "database.tls"; empty at the top.
  var section: String { String(path[..<(path.lastIndex(of: ".") ?? path.startIndex)]) }
}
