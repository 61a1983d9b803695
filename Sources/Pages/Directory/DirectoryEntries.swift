import Foundation
import Project
import Proof
import Registry

/// The certificates of the directory: those in force whose holders agreed to be listed.
package struct DirectoryEntries: Sendable {
  struct Entry: Sendable {
    /// Position in the registry's list of those who agreed.
    fileprivate let position: UInt32
    private let packedGroup: UInt32
    let certificate: ListedHolders.Entry

    fileprivate init(_ certificate: ListedHolders.Entry, position: Int, group: Int?) {
      self.certificate = certificate
      self.position = UInt32(position)
      packedGroup = group.map { UInt32($0) } ?? .max
    }

    var ordinal: Int { certificate.ordinal }
    var scheme: Int { certificate.scheme }
    /// Position among the groups of its place.
    var group: Int? { packedGroup == .max ? nil : Int(packedGroup) }
  }

  /// Longer names are cut in lists, so that no file outgrows its bounds; the page has them whole.
  static let nameLimit = 160

  private let holders: ListedHolders
  /// By place, and in it by name.
  private(set) var byPlace: [[Entry]]
  /// Place and position in it, by batch.
  private var byBatch: [Int: [(place: UInt32, position: UInt32)]] = [:]

  package init(_ site: Site) {
    let registry = site.project.registry
    let layout = site.lists.directory
    holders = registry.listed
    byPlace = layout.places.map { place in
      var entries: [Entry] = []
      entries.reserveCapacity(place.count)
      return entries
    }
    for (position, certificate) in holders.entries.enumerated() {
      guard certificate.expires >= registry.day,
        site.fingerprints.entries[certificate.ordinal].status == .valid,
        let place = layout.position(place: certificate.place, batch: certificate.batch)
      else { continue }
      byPlace[place.place].append(Entry(certificate, position: position, group: place.group))
    }
    sort()
  }

  /// A name as lists show it, cut between two characters.
  static func shortened(_ name: some RandomAccessCollection<UInt8>, to limit: Int = nameLimit)
    -> [UInt8]
  {
    if name.count <= limit { return Array(name) }
    let text = String(decoding: name, as: UTF8.self)
    var short: [UInt8] = []
    for scalar in text.unicodeScalars {
      let next = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      if short.count + next.count > limit - 3 { break }
      short += next
    }
    return short + Array("…".utf8)
  }

  private mutating func sort() {
    for place in byPlace.indices {
      let keyed = byPlace[place].map { ($0, sortKey(of: $0)) }
      byPlace[place] = keyed.sorted { left, right in
        if left.1 != right.1 { return left.1.lexicographicallyPrecedes(right.1) }
        return left.0.ordinal < right.0.ordinal
      }.map(\.0)
      for (position, entry) in byPlace[place].enumerated() {
        guard let batch = entry.certificate.batch else { continue }
        byBatch[batch, default: []].append((UInt32(place), UInt32(position)))
      }
    }
  }

  /// Letters without case and marks, so that Énéng stands beside Eneng.
  private func sortKey(of entry: Entry) -> [UInt8] {
    let name = name(of: entry)
    if name.allSatisfy({ $0 < 0x80 }) {
      return name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }
    let text = String(decoding: name, as: UTF8.self).decomposedStringWithCanonicalMapping
    return Array(
      String(
        String.UnicodeScalarView(
          text.unicodeScalars.filter { $0.properties.generalCategory != .nonspacingMark })
      ).lowercased().utf8)
  }

  /// A holder's name as lists show it.
  func name(of entry: Entry) -> ArraySlice<UInt8> {
    let name = holders.name(at: Int(entry.position))
    return name.count <= Self.nameLimit ? name : Self.shortened(name)[...]
  }

  /// The listed certificates of a batch, by name.
  func entries(ofBatch batch: Int) -> [Entry] {
    (byBatch[batch] ?? []).map { byPlace[Int($0.place)][Int($0.position)] }
      .map { ($0, sortKey(of: $0)) }
      .sorted { left, right in
        left.1 != right.1
          ? left.1.lexicographicallyPrecedes(right.1) : left.0.ordinal < right.0.ordinal
      }.map(\.0)
  }
}
