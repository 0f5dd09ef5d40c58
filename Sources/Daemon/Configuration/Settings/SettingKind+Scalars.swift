// SPDX-License-Identifier: Apache-2.0

extension SettingKind where Value == Bool {
  static var flag: SettingKind {
    let expects = "true or false"
    return SettingKind(expects: expects, example: "true") { (value) throws(Refusal) in
      switch try value.plain(expects).lowercased() {
      case "true", "yes", "on": true
      case "false", "no", "off": false
      default: throw value.refusal("\(value.quoted) is not \(expects)")
      }
    } write: {
      "\($0)"
    }
  }
}

extension SettingKind where Value: FixedWidthInteger {
  static func integer(_ expects: String, _ range: ClosedRange<Value>, example: Value) -> SettingKind {
    let expects = "\(expects) from \(range.lowerBound) to \(range.upperBound)"
    return SettingKind(expects: expects, example: "\(example)") { (value) throws(Refusal) in
      guard let number = Value(try value.plain(expects)), range.contains(number) else {
        throw value.refusal("\(value.quoted) is not \(expects)")
      }
      return number
    } write: {
      "\($0)"
    }
  }
}

extension SettingKind where Value == UInt16? {
  static var port: SettingKind {
    let number = SettingKind<UInt16>.integer("a port number", 1...UInt16.max, example: 5432)
    return SettingKind(expects: number.expects, example: number.example) { (value) throws(Refusal) in
      try number.read(value)
    } write: {
      $0.map { "\($0)" } ?? "\(DatabaseDriver.postgres.defaultPort)"
    }
  }
}

extension SettingKind where Value == Duration {
  static func duration(_ range: ClosedRange<Duration>, example: String) -> SettingKind {
    let limits = "from \(DurationText.write(range.lowerBound)) to \(DurationText.write(range.upperBound))"
    let expects = "a duration \(limits)"
    return SettingKind(expects: expects, example: example) { (value) throws(Refusal) in
      let text = try value.text(expects)
      guard let duration = DurationText.read(text) else {
        let hasUnit = text.contains { !$0.isNumber }
        let mend: Refusal.Mend? = hasUnit || text.isEmpty ? nil : .value("\(printable(text))s")
        throw value.refusal("\(value.quoted) is not \(expects), such as 500ms, 10s or 5m", mend: mend)
      }
      guard range.contains(duration) else { throw value.refusal("\(value.quoted) is not \(expects)") }
      return duration
    } write: {
      DurationText.write($0)
    }
  }

  /// etcd counts a lease in whole seconds.
  static func wholeSeconds(_ range: ClosedRange<Duration>, example: String) -> SettingKind {
    let duration = SettingKind.duration(range, example: example)
    return SettingKind(expects: duration.expects, example: example) { (value) throws(Refusal) in
      let result = try duration.read(value)
      guard result.components.attoseconds == 0 else {
        let mend = Refusal.Mend.value("\(result.components.seconds + 1)s")
        throw value.refusal("\(value.quoted) is not a whole number of seconds", mend: mend)
      }
      return result
    } write: {
      DurationText.write($0)
    }
  }
}

extension SettingKind where Value == Int {
  static func size(_ range: ClosedRange<Int>, example: String) -> SettingKind {
    let expects = "a size from \(SizeText.write(range.lowerBound)) to \(SizeText.write(range.upperBound))"
    return SettingKind(expects: expects, example: example) { (value) throws(Refusal) in
      guard let size = SizeText.read(try value.text(expects)) else {
        throw value.refusal("\(value.quoted) is not \(expects), such as 64KiB, 1.5MiB or 1048576")
      }
      guard range.contains(size) else { throw value.refusal("\(value.quoted) is not \(expects)") }
      return size
    } write: {
      SizeText.write($0)
    }
  }
}

extension SettingKind where Value: Equatable {
  /// - Parameter words: Every word that is taken, the proper one of each value first.
  static func words(_ words: [(String, Value)]) -> SettingKind {
    let names = words.map(\.0)
    let expects = "one of \(names.joined(separator: ", "))"
    return SettingKind(expects: expects, example: names.first ?? "") { (value) throws(Refusal) in
      let text = try value.text(expects)
      guard let found = words.first(where: { $0.0 == text }) else {
        let nearest = Nearest.word(to: text, among: names).map { Refusal.Mend.value($0.word) }
        throw value.refusal("\(value.quoted) is not \(expects)", mend: nearest)
      }
      return found.1
    } write: { value in
      words.first { $0.1 == value }?.0 ?? ""
    }
  }
}

extension SettingKind where Value: RawRepresentable<String> & CaseIterable & Equatable {
  static var word: SettingKind { words(Value.allCases.map { ($0.rawValue, $0) }) }
}
