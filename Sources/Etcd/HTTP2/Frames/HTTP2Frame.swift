// SPDX-License-Identifier: Apache-2.0
package import Wire

/// Any frame, its payload borrowed.
package enum HTTP2Frame: ~Escapable {
  case data(DataFrame)
  case headers(HeadersFrame)
  case priority(PriorityFrame)
  case resetStream(ResetStreamFrame)
  case settings(SettingsFrame)
  case pushPromise(PushPromiseFrame)
  case ping(PingFrame)
  case goAway(GoAwayFrame)
  case windowUpdate(WindowUpdateFrame)
  case continuation(ContinuationFrame)
  case other(FrameHeader, payload: RawSpan)

  /// `payload` is exactly as long as the header says.
  @_lifetime(copy payload)
  package init(header: FrameHeader, payload: RawSpan) throws(WireError) {
    switch header.type {
    case .data: self = .data(try DataFrame(header: header, payload: payload))
    case .headers: self = .headers(try HeadersFrame(header: header, payload: payload))
    case .priority: self = .priority(try PriorityFrame(header: header, payload: payload))
    case .resetStream: self = .resetStream(try ResetStreamFrame(header: header, payload: payload))
    case .settings: self = .settings(try SettingsFrame(header: header, payload: payload))
    case .pushPromise: self = .pushPromise(try PushPromiseFrame(header: header, payload: payload))
    case .ping: self = .ping(try PingFrame(header: header, payload: payload))
    case .goAway: self = .goAway(try GoAwayFrame(header: header, payload: payload))
    case .windowUpdate: self = .windowUpdate(try WindowUpdateFrame(header: header, payload: payload))
    case .continuation: self = .continuation(try ContinuationFrame(header: header, payload: payload))
    case .other: self = .other(header, payload: payload)
    }
  }

  package func encode(to writer: inout ByteWriter) {
    switch self {
    case .data(let frame): frame.encode(to: &writer)
    case .headers(let frame): frame.encode(to: &writer)
    case .priority(let frame): frame.encode(to: &writer)
    case .resetStream(let frame): frame.encode(to: &writer)
    case .settings(let frame): frame.encode(to: &writer)
    case .pushPromise(let frame): frame.encode(to: &writer)
    case .ping(let frame): frame.encode(to: &writer)
    case .goAway(let frame): frame.encode(to: &writer)
    case .windowUpdate(let frame): frame.encode(to: &writer)
    case .continuation(let frame): frame.encode(to: &writer)
    case .other(let header, let payload):
      header.encode(to: &writer)
      writer.append(payload)
    }
  }
}
