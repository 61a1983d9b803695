import Foundation
import Input
import Proof
import Registry

/// The certificates of the directory, each in a few dozen bytes: all that a list shows of them.
struct DirectoryEntries: Sendable {
  struct Entry: Sendable {
    let ordinal: UInt32
    fileprivate let nameEnd: UInt32
    fileprivate let nameStart: UInt32
    private let packedScheme: UInt16
    private let packedGroup: UInt32
    private let packedBatch: UInt32
    let expires: CalendarDate

    fileprivate init(_ found: Found, nameStart: Int) {
      self.nameStart = UInt32(nameStart)
      nameEnd = UInt32(nameStart + found.name.count)
      ordinal = UInt32(found.ordinal)
      packedScheme = UInt16(found.scheme)
      packedGroup = found.group.map { UInt32($0) } ?? .max
      packedBatch = found.batch.map { UInt32($0) } ?? .max
      expires = found.expires
    }

    var scheme: Int { Int(packedScheme) }
    /// Position among the groups of its place.
    var group: Int? { packedGroup == .max ? nil : Int(packedGroup) }
    /// Position in `Registry.batches`.
    var batch: Int? { packedBatch == .max ? nil : Int(packedBatch) }
  }

  /// Longer names are cut in lists, so that no file outgrows its bounds; the page has them whole.
  static let nameLimit = 160

  private var names: [UInt8] = []
  /// By place, and in it by name.
  private(set) var byPlace: [[Entry]]
  /// Place and position in it, by batch.
  private var byBatch: [Int: [(place: UInt32, position: UInt32)]] = [:]

  /// What is taken of a certificate.
  fileprivate struct Found: Sendable {
    let place: Int
    let group: Int?
    let batch: Int?
    let ordinal: Int
    let scheme: Int
    let expires: CalendarDate
    let name: [UInt8]
  }

  /// Reads the shards that have listed certificates, some at a time.
  ///
  /// - Throws: `MachineFailure` when the registry cannot be read or changed.
  static func read(_ plan: SitePlan, jobs: Int) async throws -> DirectoryEntries {
    var entries = DirectoryEntries(plan.lists.directory)
    try await inOrder(shards(plan), jobs: jobs) {
      try found(in: $0, plan)
    } take: {
      entries.take($0)
    }
    entries.sort()
    return entries
  }

  /// The same, one shard after the other.
  static func read(_ plan: SitePlan) throws -> DirectoryEntries {
    var entries = DirectoryEntries(plan.lists.directory)
    for shard in shards(plan) { entries.take(try found(in: shard, plan)) }
    entries.sort()
    return entries
  }

  private init(_ layout: DirectoryLayout) {
    byPlace = layout.places.map { place in
      var entries: [Entry] = []
      entries.reserveCapacity(place.count)
      return entries
    }
  }

  private static func shards(_ plan: SitePlan) -> [Registry.Shard] {
    plan.project.registry.shards.filter { shard in
      shard.ordinals.contains { ordinal in
        let entry = plan.fingerprints.entries[ordinal]
        return entry.isListed && entry.status == .valid
      }
    }
  }

  private static func found(in shard: Registry.Shard, _ plan: SitePlan) throws -> [Found] {
    let registry = plan.project.registry
    return try registry.certificates(in: shard).compactMap { certificate in
      guard
        let position = plan.lists.directory.position(of: certificate, on: registry.day)
      else { return nil }
      return Found(
        place: position.place, group: position.group, batch: certificate.row.batchPosition,
        ordinal: certificate.ordinal, scheme: certificate.scheme, expires: certificate.expires,
        name: shortened(certificate.holder.bytes))
    }
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

  private mutating func take(_ found: [Found]) {
    for each in found {
      let start = names.count
      names += each.name
      byPlace[each.place].append(Entry(each, nameStart: start))
    }
  }

  private mutating func sort() {
    for place in byPlace.indices {
      let keyed = byPlace[place].map { ($0, sortKey(of: $0)) }
      byPlace[place] = keyed.sorted { left, right in
        if left.1 != right.1 { return left.1.lexicographicallyPrecedes(right.1) }
        return left.0.ordinal < right.0.ordinal
      }.map(\.0)
      for (position, entry) in byPlace[place].enumerated() {
        guard let batch = entry.batch else { continue }
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

  func name(of entry: Entry) -> ArraySlice<UInt8> {
    names[Int(entry.nameStart)..<Int(entry.nameEnd)]
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
