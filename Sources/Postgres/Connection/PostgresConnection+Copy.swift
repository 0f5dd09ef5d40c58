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
    let wasReading = suspendReading()
    defer { resumeReading(wasReading) }
    let result: DrainResult
    do throws(DrainError<Sink.Failure>) {
      result = try session.drainCopy(into: &sink)
    } catch {
      endIfDead()
      throw error
    }
    if result == .needsInput, let error = closedWhileDraining() { throw .postgres(error) }
    return result
  }

  @usableFromInline
  func suspendReading() -> Bool {
    let wasReading = link.isReading
    link.isReading = false
    return wasReading
  }

  @usableFromInline
  func resumeReading(_ wasReading: Bool) { link.isReading = wasReading }

  @usableFromInline
  func endIfDead() {
    if !session.isAlive { link.close() }
  }

  /// Nothing more will come although the stream has not ended.
  @usableFromInline
  func closedWhileDraining() -> PostgresError? {
    if link.closure == nil {
      link.flush()
      return nil
    }
    return closedError()
  }
}
