// SPDX-License-Identifier: Apache-2.0

/// Plays one side of a recorded conversation to a machine that is the other side: it says what was recorded once the
/// machine has said as much as it said in the recording.
///
///     var server = ScriptedPeer(playing: .fromServer, of: connection, matching: .messages(length))
///     feed(server.opening)
///     while machine has output { feed(server.receive(output)) }
///     #expect(server.isFinished)
public struct ScriptedPeer {
  public enum Matching {
    /// The machine must say exactly the recorded bytes.
    case exact
    /// The machine must say as many whole messages; their content may differ (nonces, time stamps, header encodings).
    ///
    /// `length` answers the length of the message at the start of the bytes, or nil if its end has not come yet;
    /// `index` counts the messages of the stream, because in some protocols the first has another frame. The slice need
    /// not start at index 0.
    case messages(_ length: (_ index: Int, _ bytes: ArraySlice<UInt8>) -> Int?)
  }

  /// Where the machine left the script, in `exact` matching: offset in its stream, recorded byte and byte said.
  public struct Departure: Sendable, Equatable {
    public let offset: Int
    public let expected: UInt8?
    public let actual: UInt8

    public init(offset: Int, expected: UInt8?, actual: UInt8) {
      self.offset = offset
      self.expected = expected
      self.actual = actual
    }
  }

  private let matching: Matching
  private let expected: [UInt8]
  /// What to say, each once `after` units (bytes or messages) have been heard.
  private var lines: [(after: Int, bytes: [UInt8])] = []
  private var next = 0
  private let unitsTotal: Int
  private var counter: UnitCounter
  private var heard = 0
  public private(set) var departure: Departure?

  public init(playing direction: CapturedConnection.Direction, of connection: CapturedConnection, matching: Matching) {
    self.matching = matching
    expected = connection.chunks.reduce(into: []) { if $1.direction != direction { $0 += $1.bytes } }
    counter = UnitCounter()
    var recorded = UnitCounter()
    for turn in connection.turns {
      if turn.direction == direction {
        lines.append((recorded.units, turn.bytes))
      } else {
        recorded.take(turn.bytes, matching)
      }
    }
    unitsTotal = recorded.units
  }

  /// What the peer says before it has heard anything.
  public var opening: [UInt8] { mutating get { dueLines() } }

  /// Hears what the machine said; answers what the peer says then.
  public mutating func receive(_ bytes: [UInt8]) -> [UInt8] {
    if case .exact = matching, departure == nil {
      for (index, byte) in bytes.enumerated() {
        let offset = heard + index
        let recorded = offset < expected.count ? expected[offset] : nil
        guard byte != recorded else { continue }
        departure = Departure(offset: offset, expected: recorded, actual: byte)
        break
      }
    }
    heard += bytes.count
    if departure != nil { return [] }
    counter.take(bytes, matching)
    return dueLines()
  }

  /// Everything recorded has been said and heard.
  public var isFinished: Bool { departure == nil && next == lines.count && counter.units >= unitsTotal }

  /// Messages or bytes heard so far, and how many the recording has.
  public var progress: (heard: Int, recorded: Int) { (counter.units, unitsTotal) }

  private mutating func dueLines() -> [UInt8] {
    var due: [UInt8] = []
    while next < lines.count, lines[next].after <= counter.units {
      due += lines[next].bytes
      next += 1
    }
    return due
  }
}

/// Counts bytes or whole messages of a stream.
private struct UnitCounter {
  var units = 0
  private var rest: ArraySlice<UInt8> = []

  init() {}

  mutating func take(_ bytes: [UInt8], _ matching: ScriptedPeer.Matching) {
    switch matching {
    case .exact: units += bytes.count
    case .messages(let length):
      rest += bytes
      while !rest.isEmpty, let count = length(units, rest), count > 0, count <= rest.count {
        rest = rest.dropFirst(count)
        units += 1
      }
    }
  }
}
