// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Runs tests that mostly wait for other processes on threads of their own: the runtime has one thread for each core,
/// so that two tests that sleep would keep all the others from running.
final class WaitingThreads: TaskExecutor {
  /// More of them would only make each other's servers slow.
  static let shared = WaitingThreads(count: 4)

  private let jobs = NSCondition()
  /// Guarded by `jobs`.
  private nonisolated(unsafe) var waiting: [UnownedJob] = []

  private init(count: Int) {
    for _ in 0..<count {
      Thread { [self] in
        while true { runNext() }
      }.start()
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { waiting.append(job) }
    jobs.signal()
  }

  private func runNext() {
    jobs.lock()
    while waiting.isEmpty { jobs.wait() }
    let job = waiting.removeFirst()
    jobs.unlock()
    job.runSynchronously(on: asUnownedTaskExecutor())
  }
}

/// A suite gives it to its tests, hence both kinds of trait.
struct OnWaitingThreads: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? { testCase == nil ? nil : self }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(WaitingThreads.shared) { try await function() }
  }
}

extension Trait where Self == OnWaitingThreads {
  /// The suite's tests mostly wait.
  static var waits: Self { Self() }
}
