// SPDX-License-Identifier: Apache-2.0

/// Pauses between attempts: doubling up to a ceiling, with jitter so that several daemons do not return in step.
struct Backoff {
  let first: Duration
  let most: Duration
  private var step = 0

  init(first: Duration, most: Duration) {
    self.first = first
    self.most = most
  }

  /// The pause before the next attempt: between half and all of first × 2ⁿ, at most `most`.
  mutating func next() -> Duration {
    let full = min(first * (1 << min(step, 16)), most)
    step += 1
    return full * Double.random(in: 0.5...1)
  }

  mutating func reset() { step = 0 }
}
