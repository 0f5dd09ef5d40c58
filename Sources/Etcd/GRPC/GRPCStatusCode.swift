// SPDX-License-Identifier: Apache-2.0

/// How a gRPC call ended (gRPC, "Status codes and their use").
public enum GRPCStatusCode: Hashable, Sendable, CustomStringConvertible {
  case ok, cancelled, unknown, invalidArgument, deadlineExceeded, notFound, alreadyExists, permissionDenied
  case resourceExhausted, failedPrecondition, aborted, outOfRange, unimplemented, `internal`, unavailable, dataLoss
  case unauthenticated
  case other(Int)

  private static let known: [(GRPCStatusCode, String)] = [
    (.ok, "OK"), (.cancelled, "CANCELLED"), (.unknown, "UNKNOWN"), (.invalidArgument, "INVALID_ARGUMENT"),
    (.deadlineExceeded, "DEADLINE_EXCEEDED"), (.notFound, "NOT_FOUND"), (.alreadyExists, "ALREADY_EXISTS"),
    (.permissionDenied, "PERMISSION_DENIED"), (.resourceExhausted, "RESOURCE_EXHAUSTED"),
    (.failedPrecondition, "FAILED_PRECONDITION"), (.aborted, "ABORTED"), (.outOfRange, "OUT_OF_RANGE"),
    (.unimplemented, "UNIMPLEMENTED"), (.internal, "INTERNAL"), (.unavailable, "UNAVAILABLE"),
    (.dataLoss, "DATA_LOSS"), (.unauthenticated, "UNAUTHENTICATED"),
  ]

  public init(_ rawValue: Int) {
    self = Self.known.indices.contains(rawValue) ? Self.known[rawValue].0 : .other(rawValue)
  }

  public var rawValue: Int {
    if case .other(let value) = self { return value }
    return Self.known.firstIndex { $0.0 == self } ?? 0
  }

  public var description: String {
    if case .other(let value) = self { return "status \(value)" }
    return Self.known[rawValue].1
  }
}
