// SPDX-License-Identifier: Apache-2.0

/// An enumeration of etcd's: values counted from 0, those of a newer server kept as `.other`.
public protocol ProtobufEnum: Equatable, Sendable {
  static var known: [Self] { get }
  static func other(_ value: Int) -> Self
  /// The number within `.other`.
  var otherValue: Int? { get }
}

extension ProtobufEnum {
  package init(protobuf value: Int) {
    self = Self.known.indices.contains(value) ? Self.known[value] : .other(value)
  }

  package var protobuf: Int { otherValue ?? Self.known.firstIndex(of: self) ?? 0 }
}
