// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Wire

/// What `run` needs of etcd. Changes nothing there.
struct SinkCheck {
  let configuration: Configuration
  let client: EtcdClient
  let keys: StateKeys

  private var etcd: EtcdConfiguration { configuration.etcd }

  func findings() -> [Finding] {
    var findings: [Finding] = []
    do throws(EtcdError) {
      try client.connect(deadline: .after(min(etcd.dialTimeout, .seconds(15))))
      findings.append(.ok("etcd\(try version()) at \(client.endpoint)"))
    } catch {
      return [.problem("etcd cannot be used: \(error)", mend(error))]
    }
    findings += mayWrite(keys.checkpoint, "its own state")
    findings += mayWrite(keys.owner, "whose its rows are")
    findings += mayWrite(configuration.sync.key.prefix(path: etcd.path, schema: "x", table: "x"), "rows")
    do throws(EtcdError) {
      let ownership = Ownership(
        client: client, keys: keys, name: configuration.name, requestTimeout: etcd.requestTimeout)
      if let conflict = try ownership.conflict() {
        findings.append(.problem(conflict.refusal, "etcd: {path: another_path}"))
      } else {
        findings.append(.ok("no other replication owns \(keys.rowsPrefix)"))
      }
      findings += try state()
      if configuration.ha.isEnabled { findings += try leader() }
      findings += try alarms()
    } catch {
      findings.append(.problem("etcd does not answer our questions: \(error)", mend(error)))
    }
    return findings
  }

  /// Where `run` would go on; nil also where etcd cannot be asked or has none to go on from, which `findings` tells.
  func checkpoint() -> Checkpoint? {
    guard client.isConnected, let value = try? checkpointValue() else { return nil }
    return try? configuration.checkpoint(decoding: value, of: keys)
  }

  private func checkpointValue() throws(EtcdError) -> [UInt8]? {
    try client.range(RangeRequest(key: keys.checkpoint), deadline: deadline).first?.value
  }

  private func state() throws(EtcdError) -> [Finding] {
    guard let value = try checkpointValue() else { return [.ok("there is no checkpoint: run would begin anew")] }
    do throws(UnusableCheckpoint) {
      _ = try configuration.checkpoint(decoding: value, of: keys)
      return [.ok("the checkpoint can be read")]
    } catch {
      return [.problem(error.text, error.mend)]
    }
  }

  /// Tables whose rows etcd has, as far as it can be asked.
  func followedTables() -> [TableReference] {
    let request = RangeRequest(key: keys.tables, rangeEnd: KeyRange.end(ofPrefix: keys.tables))
    guard client.isConnected, let items = try? client.range(request, deadline: deadline).keyValues else { return [] }
    return items.compactMap { (try? MySQLTableState(decoding: $0.value))?.reference }
  }

  /// Later versions of etcd tell theirs to administrators only, when users are asked for; `run` does not need it.
  private func version() throws(EtcdError) -> String {
    do throws(EtcdError) {
      return " \(try client.status(deadline: deadline).version)"
    } catch {
      if error.fault == .permissionDenied { return "" }
      throw error
    }
  }

  private var deadline: Deadline { .after(etcd.requestTimeout) }

  private func mend(_ error: EtcdError) -> String {
    switch error.fault {
    case .authenticationFailed: "etcd: {username: …, password: …} of a user that etcd knows"
    case .userNameEmpty: "etcd: {username: …, password: …}: this etcd asks for a user"
    case .permissionDenied: grants
    case .noSpace: "etcdctl compact, defrag and alarm disarm, or a larger --quota-backend-bytes"
    default: "etcd: {endpoints: [\"host:port\"]} where etcd listens, and etcd: {tls: …} as it asks"
    }
  }

  private var grants: String {
    "etcdctl role grant-permission ROLE readwrite --prefix=true \(keys.base) "
      + "and the same for \(keys.rowsPrefix) and \(keys.ownerBase)"
  }

  /// A transaction that can never succeed, with a put in it: etcd looks at the permissions and does nothing.
  private func mayWrite(_ key: [UInt8], _ what: String) -> [Finding] {
    var request = TxnRequest()
    request.compare = [Compare(key: key, .less, .version(0))]
    request.success = [.put(PutRequest(key: key, value: []))]
    let text = String(decoding: key, as: UTF8.self)
    do throws(EtcdError) {
      _ = try client.transact(request, deadline: deadline)
      return [.ok("may write \(what) (\(text))")]
    } catch {
      return [
        .problem("may not write \(what) (\(text)): \(error)", error.fault == .permissionDenied ? grants : mend(error))
      ]
    }
  }

  private func leader() throws(EtcdError) -> [Finding] {
    guard let present = try client.range(RangeRequest(key: keys.leader), deadline: deadline).first else {
      return [.ok("nobody leads: run would lead")]
    }
    let holder = Holder(decoding: present.value)?.description ?? "somebody else"
    return [.ok("\(holder) leads: run would stand by")]
  }

  private func alarms() throws(EtcdError) -> [Finding] {
    let answer: AlarmResponse
    do throws(EtcdError) {
      answer = try client.alarm(AlarmRequest(action: .get), deadline: deadline)
    } catch {
      // Not for every user to know.
      if error.fault == .permissionDenied { return [] }
      throw error
    }
    return answer.alarms.isEmpty
      ? [] : [.problem("etcd has raised an alarm (it is full, or a member is corrupt)", "etcdctl alarm list")]
  }
}
