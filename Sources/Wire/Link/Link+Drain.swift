// SPDX-License-Identifier: Apache-2.0

extension Link {
  /// Lets a protocol's machine hand on what has arrived. Nothing is read meanwhile, which could move the bytes that its
  /// sink looks at. The end of the link counts only once there is nothing left to hand on: `needsInput`.
  ///
  /// - Parameters:
  ///   - isAlive: whether the machine can go on after an error; if not, the link is closed.
  ///   - closed: what the end of the link means for the machine.
  @inlinable
  public func drain<Result: Equatable, Failure: Error>(
    _ needsInput: Result, isAlive: () -> Bool, closed: () -> Failure, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let wasReading = isReading
    isReading = false
    defer { isReading = wasReading }
    let result: Result
    do throws(Failure) {
      result = try body()
    } catch {
      if !isAlive() { close() }
      throw error
    }
    guard result == needsInput else { return result }
    if closure != nil { throw closed() }
    flush()
    return result
  }
}
