public import Input

/// What the registry says of a certificate today; expiry is a matter of the date alone.
public enum Status: UInt8, Sendable, CaseIterable {
  case valid
  case suspended
  case revoked
  case superseded

  /// The English word used in formats and addresses.
  public var name: String {
    switch self {
    case .valid: "valid"
    case .suspended: "suspended"
    case .revoked: "revoked"
    case .superseded: "superseded"
    }
  }
}

/// One certificate as the registry has it.
public struct Certificate: Sendable {
  /// Position in the registry, from 0; the same in every pass over the same file.
  public let ordinal: Int
  /// As printed, single spaces.
  public let number: Text
  /// 1 for the first issue, from 2 up when issued again under its number.
  public let revision: Int
  /// Registration number as printed.
  public let registration: Text?
  public let holder: Text
  /// Position of the scheme in `Registry.schemes`.
  public let scheme: Int
  /// Position of the scheme's edition in force on the issue date.
  public let schemeEdition: Int
  /// Position of the issuer's edition in force on the issue date.
  public let issuerEdition: Int
  public let issued: CalendarDate
  public let expires: CalendarDate
  public let status: Status
  /// Since when the status holds; for a valid certificate, the day it was reinstated.
  public let statusDate: CalendarDate?
  public let statusReason: Text?
  /// The certificate that replaces this one in the end, when superseded.
  public let successor: Int?
  /// The certificate that replaced this one first; differs from `successor` in a chain.
  public let replacement: Int?
  /// Whether the holder agreed to be found in public lists.
  public let isListed: Bool

  /// The part of the registry's row that no certificate prints.
  package let row: RowNotes

  /// What a row says beside the printed fields.
  package struct RowNotes: Sendable {
    let supersededBy: Text?
    package let province: Text?
    package let regency: Text?
    package let batch: Text?
    /// Position in `Registry.batches`.
    package let batchPosition: Int?
  }
}

/// A certificate whose holder asked to be forgotten: its row has nothing but number and day.
public struct Erasure: Sendable, Hashable {
  public let number: Text
  public let revision: Int
  /// The day of the erasure.
  public let date: CalendarDate
  /// The line or row id of its row.
  let place: Int
}
