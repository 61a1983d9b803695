public import Input

/// A unit of competency as the national standard numbers it.
public struct Unit: Sendable, Hashable {
  /// As in `C.13BTK01.001.2`.
  public let code: String
  public let title: LocalizedText
  /// Whether the unit is invented for the specimen site.
  public let isSpecimen: Bool
}

/// What a scheme says in one edition.
public struct SchemeEdition: Sendable, Hashable {
  public let title: LocalizedText
  /// Nil where nobody stated one.
  public let level: Int?
  /// How long a certificate is valid, in years.
  public let years: Int
  /// The competency standard, as in `SKKNI 104/2018`; empty where nobody stated one.
  public let standard: String
  /// What a holder can do, for somebody who buys from them; empty where nobody stated it.
  public let summary: LocalizedText
  public let units: [Unit]
}

/// An occupational scheme in which people are certified.
public struct Scheme: Sendable {
  /// Short ASCII code, as in `PBT`.
  public let code: String
  /// The part of the scheme's address that names it.
  public let slug: String
  public let editions: Editions<SchemeEdition>
}
