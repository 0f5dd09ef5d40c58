// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

@testable import Etcd

@Suite struct WatcherTests {
  /// Revisions that no store can have counted to: the watch ends, the process does not.
  @Test(arguments: [Int64.max, -1], ["created", "event", "progress"])
  func impossibleRevisions(_ revision: Int64, _ what: String) throws {
    let scene = try EtcdScriptedTests.Scene { connection, heard in
      for case .headers(let stream, _, _) in heard {
        let side = connection.side
        var answers = [WatchResponse(header: ResponseHeader(revision: 7), isCreated: true)]
        switch what {
        case "created": answers[0].header.revision = revision
        case "event": answers.append(WatchResponse(events: [WatchEvent(keyValue: KeyValue(modRevision: revision))]))
        default: answers.append(WatchResponse(header: ResponseHeader(revision: revision)))
        }
        side.headers(stream.rawValue, ServerSide.head)
        for answer in answers { side.data(stream.rawValue, ServerSide.framed(answer.encoded)) }
      }
    }
    let watcher = scene.client.watch(WatchCreate(key: bytes("k")))
    try scene.client.connect(deadline: .after(.seconds(5)))
    let notice = scene.loop.pump(until: .after(.seconds(5))) { watcher.next() }
    guard case .ended(.violation(_, let reason, _))? = notice else {
      Issue.record("\(String(describing: notice))")
      return
    }
    #expect(reason.contains("revision"))
  }
}
