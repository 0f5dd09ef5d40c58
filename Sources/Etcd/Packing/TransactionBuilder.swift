// SPDX-License-Identifier: Apache-2.0
//
//   TxnRequest { compare: guards
//                success: [ put checkpoint | txn { 64 operations } | txn { 64 operations } | … ] }
//
// etcd counts --max-txn-ops along a path of nested transactions, not in total (seen on 3.3, 3.4 and 3.5): with the
// default of 128 an outer transaction of 63 nested ones of 64 operations each commits at one revision.
internal import Wire

/// A condition under which a request happens at all.
public struct TransactionGuard: Equatable, Sendable {
  public enum Target: UInt8, Sendable {
    case version = 0
    case createRevision = 1
    case modRevision = 2
  }

  public var key: [UInt8]
  public var target: Target
  public var value: Int64

  public init(key: [UInt8], target: Target, equals value: Int64) {
    self.key = key
    self.target = target
    self.value = value
  }
}

/// How many operations fit in one request, and how they are nested.
public struct TransactionNesting: Equatable, Sendable {
  /// The server's `--max-txn-ops`.
  public var operationsMax: Int

  public init(operationsMax: Int) { self.operationsMax = max(operationsMax, 6) }

  /// Operations that a request can hold beside `leading` ones of its own.
  public func capacity(leading: Int) -> Int {
    let third = operationsMax / 3
    return max(operationsMax - leading, (operationsMax - 2 * third - leading) * third * third)
  }

  /// Sizes of the nested groups, innermost first; empty: no nesting.
  func groups(for count: Int, leading: Int) -> [Int] {
    if count + leading <= operationsMax { return [] }
    let half = operationsMax / 2
    if count <= (operationsMax - half - leading) * half { return [half] }
    let third = operationsMax / 3
    return [third, third]
  }
}

/// Makes a request of a batch's entries: notes where its parts lie, and writes what stands between them.
public struct TransactionBuilder {
  private struct Piece {
    var isGenerated: Bool
    var offset: Int
    var length: Int
  }

  public var nesting: TransactionNesting
  private var pieces: [Piece] = []

  public init(nesting: TransactionNesting) { self.nesting = nesting }

  /// Makes `body` the `TxnRequest` of the entries before `boundary`, behind `guards` and together with `puts`, with
  /// gRPC's prefix. It is whole once the batch has handed its bytes over (`TransactionBatch.handOver`).
  public mutating func build(
    _ batch: borrowing TransactionBatch, before boundary: Int,
    guards: [TransactionGuard], puts: [(key: [UInt8], value: [UInt8])], into body: RequestBody
  ) {
    body.clear()
    body.appendOwn { out in
      GRPCPrefix(length: 0).encode(to: &out)
      for condition in guards { Self.append(condition, to: &out) }
      for put in puts { Self.append(key: put.key, value: put.value, to: &out) }
    }
    var generated = ByteWriter(capacity: 64)
    pieces.removeAll(keepingCapacity: true)
    for (number, entry) in batch.entries[..<boundary].enumerated() where entry.lives(before: boundary) {
      switch entry.kind {
      case .put, .delete:
        pieces.append(Piece(isGenerated: false, offset: Int(entry.offset), length: Int(entry.length)))
      case .deletePrefix:
        appendRanges(batch, number, boundary, &generated)
      case .unfilledPut:
        preconditionFailure("a put with holes is filled before it is sent")
      }
    }
    let groups = nesting.groups(for: pieces.count, leading: puts.count)
    write(pieces[...], groups[...], generated, body)
    body.own.patch(bigEndian: UInt32(body.count - GRPCPrefix.size), at: 1)
  }

  /// A prefix without the keys that this request puts: etcd refuses a range that covers a key put beside it.
  private mutating func appendRanges(
    _ batch: borrowing TransactionBatch, _ number: Int, _ boundary: Int, _ generated: inout ByteWriter
  ) {
    let prefix = batch.withKey(of: number) { $0.array }
    var kept: [[UInt8]] = []
    for (later, entry) in batch.entries[..<boundary].enumerated()
    where entry.kind == .put && entry.lives(before: boundary) {
      batch.withKey(of: later) { if unsafe prefix.span.bytes.isPrefix(of: $0) { kept.append($0.array) } }
    }
    kept.sort { $0.lexicographicallyPrecedes($1) }
    var from = prefix
    for key in kept {
      if from != key { appendRange(from, key, &generated) }
      from = key + [0]
    }
    appendRange(from, KeyRange.end(ofPrefix: prefix), &generated)
  }

  private mutating func appendRange(_ from: [UInt8], _ to: [UInt8], _ generated: inout ByteWriter) {
    let start = generated.count
    let range = 2 + Self.varintSize(from.count) + from.count + Self.varintSize(to.count) + to.count
    generated.append(0x12 as UInt8)
    generated.append(varint: UInt64(1 + Self.varintSize(range) + range))
    generated.append(0x1A as UInt8)
    generated.append(varint: UInt64(range))
    generated.append(0x0A as UInt8)
    generated.append(varint: UInt64(from.count))
    generated.append(from)
    generated.append(0x12 as UInt8)
    generated.append(varint: UInt64(to.count))
    generated.append(to)
    pieces.append(Piece(isGenerated: true, offset: start, length: generated.count - start))
  }

  // MARK: Nesting

  private func write(
    _ pieces: ArraySlice<Piece>, _ groups: ArraySlice<Int>, _ generated: borrowing ByteWriter, _ body: RequestBody
  ) {
    guard let innermost = groups.first else {
      for piece in pieces {
        let range = piece.offset..<(piece.offset + piece.length)
        if piece.isGenerated {
          let bytes = generated.bytes.extracting(range)
          body.appendOwn { $0.append(bytes) }
        } else {
          body.append(rows: range)
        }
      }
      return
    }
    let size = groups.dropFirst().reduce(innermost, *)
    var start = pieces.startIndex
    while start < pieces.endIndex {
      let group = pieces[start..<min(start + size, pieces.endIndex)]
      let inner = Self.encodedSize(group, groups.dropLast())
      body.appendOwn { out in
        out.append(0x12 as UInt8)
        out.append(varint: UInt64(1 + Self.varintSize(inner) + inner))
        out.append(0x22 as UInt8)
        out.append(varint: UInt64(inner))
      }
      write(group, groups.dropLast(), generated, body)
      start += size
    }
  }

  private static func encodedSize(_ pieces: ArraySlice<Piece>, _ groups: ArraySlice<Int>) -> Int {
    guard let innermost = groups.first else { return pieces.reduce(0) { $0 + $1.length } }
    let size = groups.dropFirst().reduce(innermost, *)
    var total = 0
    var start = pieces.startIndex
    while start < pieces.endIndex {
      let inner = encodedSize(pieces[start..<min(start + size, pieces.endIndex)], groups.dropLast())
      let operation = 1 + varintSize(inner) + inner
      total += 1 + varintSize(operation) + operation
      start += size
    }
    return total
  }

  static func varintSize(_ value: Int) -> Int {
    var rest = value
    var size = 1
    while rest >= 0x80 {
      rest >>= 7
      size += 1
    }
    return size
  }

  // MARK: Single parts

  /// TxnRequest.compare { result = EQUAL, target, key, version | create_revision | mod_revision }
  private static func append(_ condition: TransactionGuard, to body: inout ByteWriter) {
    let field: (tag: UInt8, value: UInt64) =
      switch condition.target {
      case .version: (0x20, UInt64(bitPattern: condition.value))
      case .createRevision: (0x28, UInt64(bitPattern: condition.value))
      case .modRevision: (0x30, UInt64(bitPattern: condition.value))
      }
    var compare = ByteWriter(capacity: condition.key.count + 32)
    compare.append(0x10 as UInt8)
    compare.append(condition.target.rawValue)
    compare.append(0x1A as UInt8)
    compare.append(varint: UInt64(condition.key.count))
    compare.append(condition.key)
    compare.append(field.tag)
    compare.append(varint: field.value)
    body.append(0x0A as UInt8)
    body.append(varint: UInt64(compare.count))
    body.append(compare.bytes)
  }

  private static func append(key: [UInt8], value: [UInt8], to body: inout ByteWriter) {
    let put = 2 + varintSize(key.count) + key.count + varintSize(value.count) + value.count
    body.append(0x12 as UInt8)
    body.append(varint: UInt64(1 + varintSize(put) + put))
    body.append(0x12 as UInt8)
    body.append(varint: UInt64(put))
    body.append(0x0A as UInt8)
    body.append(varint: UInt64(key.count))
    body.append(key)
    body.append(0x12 as UInt8)
    body.append(varint: UInt64(value.count))
    body.append(value)
  }
}
