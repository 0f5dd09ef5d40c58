// SPDX-License-Identifier: Apache-2.0
public import Wire

/// PREVIOUS_GTIDS_EVENT: what is in the files before this one. A file's second event.
public struct PreviousGTIDsEvent: Equatable, Sendable {
  public var gtids: GTIDSet

  public init(gtids: GTIDSet) { self.gtids = gtids }

  public init(decoding body: RawSpan) throws(WireError) {
    gtids = try GTIDSet(decoding: body)
  }

  public func encode(to writer: inout ByteWriter) {
    gtids.encode(to: &writer)
  }
}
