// SPDX-License-Identifier: Apache-2.0
public import Wire

extension PostgresConnection {
  /// Starts a `COPY … TO STDOUT`; then drain.
  public func beginCopyOut(_ text: String, deadline: Deadline) throws(PostgresError) {
    try session.beginCopyOut(text)
    try wait(until: deadline) { () throws(PostgresError) in try session.pollCopyOut() }
  }

  /// Hands what has arrived to the sink; never waits. Turn the loop after `.needsInput`.
  ///
  /// The sink must not turn the loop, which could move the bytes that it looks at: to wait for something it pauses.
  @inlinable
  public func drainCopy<Sink: CopySink & ~Copyable>(
    into sink: inout Sink
  ) throws(DrainError<Sink.Failure>) -> DrainResult {
    try link.drain(.needsInput, isAlive: { isAlive }, closed: { .postgres(closedError()) }) {
      () throws(DrainError<Sink.Failure>) in try session.drainCopy(into: &sink)
    }
  }
}
