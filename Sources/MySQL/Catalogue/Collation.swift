// SPDX-License-Identifier: Apache-2.0

/// A collation, and with it a character set.
public struct Collation: Hashable, Sendable {
  /// The number by which the protocol and the log call it.
  public var id: UInt16
  /// In lower case, with the character set in front: `utf8mb4_uca1400_ai_ci`.
  public var name: String
  /// In lower case; `utf8mb3` also where the server says `utf8`.
  public var characterSet: String
  /// What a column gets that names the character set alone.
  public var isDefault: Bool
  /// The most bytes that a character takes.
  public var bytesPerCharacterMax: Int

  public init(id: UInt16, name: String, characterSet: String, isDefault: Bool, bytesPerCharacterMax: Int) {
    self.id = id
    self.name = Self.normal(name)
    self.characterSet = Self.normal(characterSet)
    self.isDefault = isDefault
    self.bytesPerCharacterMax = bytesPerCharacterMax
  }

  /// "utf8 … is an alias for utf8mb3" in both servers: which of the names is printed depends on the version.
  static func normal(_ name: String) -> String {
    let name = name.lowercased()
    if name == "utf8" { return "utf8mb3" }
    return name.hasPrefix("utf8_") ? "utf8mb3_" + name.dropFirst(5) : name
  }
}

/// The collations that a server knows, by number and by name.
public struct CollationDirectory: Sendable {
  /// `binary`, the collation of what is no text.
  public static let binary: UInt16 = 63

  private var byID: [UInt16: Collation] = [:]
  private var byName: [String: Collation] = [:]
  private var defaults: [String: Collation] = [:]

  public init(_ collations: [Collation] = []) {
    for collation in collations {
      byID[collation.id] = collation
      byName[collation.name] = collation
      if collation.isDefault { defaults[collation.characterSet] = collation }
    }
  }

  public subscript(id: UInt16) -> Collation? { byID[id] }
  public var all: [Collation] { Array(byID.values) }

  /// - Parameter characterSet: MariaDB's `uca1400_…` leaves the character set to the column.
  public func named(_ name: String, of characterSet: String? = nil) -> Collation? {
    let name = Collation.normal(name)
    if let found = byName[name] { return found }
    return characterSet.flatMap { byName["\(Collation.normal($0))_\(name)"] }
  }

  public func standard(of characterSet: String) -> Collation? { defaults[Collation.normal(characterSet)] }

  /// The collation of bytes themselves within a character set: `latin1_bin`.
  func binary(of characterSet: String) -> Collation? { named(Collation.normal(characterSet) + "_bin") }

  /// Of another session, the statement of which the log has: MySQL's `default_collation_for_utf8mb4`, MariaDB's
  /// `character_set_collations`.
  public mutating func setStandard(of characterSet: String, id: UInt16) {
    if let collation = byID[id] { defaults[Collation.normal(characterSet)] = collation }
  }

  // MARK: The catalogue

  /// Of MariaDB 10.10 and later the applicability table has the numbers: one collation `uca1400_ai_ci` is several.
  public static func query(_ version: ServerVersion) -> String {
    let isApplicability = version.isAtLeast(.mariaDB, 101_000)
    let name = isApplicability ? "FULL_COLLATION_NAME" : "COLLATION_NAME"
    let table = isApplicability ? "COLLATION_CHARACTER_SET_APPLICABILITY" : "COLLATIONS"
    return "SELECT c.ID, c.\(name), c.CHARACTER_SET_NAME, c.IS_DEFAULT, s.MAXLEN "
      + "FROM information_schema.\(table) c JOIN information_schema.CHARACTER_SETS s "
      + "ON s.CHARACTER_SET_NAME = c.CHARACTER_SET_NAME WHERE c.ID IS NOT NULL"
  }

  /// From the rows of `query`; such as are not of its form are left out.
  public init(rows: [[String?]]) {
    self.init(
      rows.compactMap { row in
        guard row.count == 5, let id = row[0].flatMap({ UInt16($0) }), let name = row[1], let set = row[2],
          let bytes = row[4].flatMap({ Int($0) }), (1...8).contains(bytes)
        else { return nil }
        return Collation(
          id: id, name: name, characterSet: set, isDefault: row[3] == "Yes", bytesPerCharacterMax: bytes)
      })
  }
}

/// `CHARACTER SET …` and `COLLATE …` as a statement has them, together or alone.
public struct CharacterSetChoice: Hashable, Sendable {
  public var characterSet: String?
  public var collation: String?

  public init(characterSet: String? = nil, collation: String? = nil) {
    self.characterSet = characterSet
    self.collation = collation
  }

  var isEmpty: Bool { characterSet == nil && collation == nil }

  /// - Parameter standard: what counts where nothing is said; nil if it is not known.
  /// - Returns: nil if it cannot be told.
  func resolved(_ collations: CollationDirectory, standard: UInt16?) -> UInt16? {
    // `DEFAULT` in the place of a name is what counts if nothing is said.
    let set = characterSet.flatMap { $0 == "DEFAULT" ? nil : $0 }
    if let collation, collation != "DEFAULT" {
      return collations.named(collation, of: set ?? standard.flatMap { collations[$0]?.characterSet })?.id
    }
    if let set { return collations.standard(of: set)?.id }
    return standard
  }
}
