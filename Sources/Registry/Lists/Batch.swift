package import Diagnostics
public import Input

/// An assessment that somebody requested for a group of artisans.
public struct Batch: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable {
    /// A regional agency (dinas).
    case agency
    /// A group of artisans (kelompok).
    case group
  }

  public let code: String
  public let requestedBy: String
  public let kind: Kind
  public let regency: String
  public let province: String
  /// The place of assessment (tempat uji kompetensi).
  public let place: String
  public let from: CalendarDate
  public let to: CalendarDate
  /// Where it stands in the list of batches.
  package let location: SourceLocation
}
