// SPDX-License-Identifier: Apache-2.0

/// The types known so far: the built-in ones and those that the catalogue told us of.
package struct TypeDirectory: Sendable {
  private var told: [UInt32: TypeDescription] = [:]

  package init() {}

  package mutating func insert(_ description: TypeDescription) { told[description.oid] = description }

  package subscript(oid: UInt32) -> TypeDescription? { told[oid] ?? BuiltInTypes.description(oid) }

  /// The types that `oid` leads to and that are not known: what the catalogue must be asked next.
  package func unknown(from oid: UInt32) -> Set<UInt32> {
    var seen: Set<UInt32> = [oid]
    var open = [oid]
    var unknown: Set<UInt32> = []
    while let next = open.popLast() {
      guard let description = self[next] else {
        unknown.insert(next)
        continue
      }
      let leadsTo: [UInt32] =
        switch description.kind {
        case .text, .hstore: []
        case .domain(let base): [base]
        case .array(let element): [element]
        case .composite(let members): members.map(\.type)
        }
      for type in leadsTo where seen.insert(type).inserted { open.append(type) }
    }
    return unknown
  }
}
