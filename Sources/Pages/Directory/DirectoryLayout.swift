package import Diagnostics
import Project
import Registry

/// Where the certificates of artisans who agreed to be listed stand: province, regency, group.
///
/// Made of the census alone, before any certificate is read again. What is in force on the day of
/// the build is listed, and nothing else: whoever looks for an artisan wants one whose certificate
/// holds.
package struct DirectoryLayout: Sendable {
  /// Names on one page for readers.
  static let namesPerPage = 100
  /// Names in one file for scripts; with the longest names it stays below 64 KiB.
  static let namesPerFile = 120
  static let groupsPerFile = 100
  /// The address of what the registry does not say.
  static let unstated = "not-stated"

  /// A group of artisans that requested an assessment, where its members live.
  struct Group: Sendable {
    let name: String
    let slug: String
    let count: Int
  }

  struct Place: Sendable {
    let province: Int
    /// Nil where the registry names none.
    let name: String?
    let slug: String
    let count: Int
    /// In the order of the registry's schemes.
    let bySchemes: [Int]
    let groups: [Group]

    var pages: Int { (count + namesPerPage - 1) / namesPerPage }
    var files: Int { (count + namesPerFile - 1) / namesPerFile }
    var groupFiles: Int { (groups.count + groupsPerFile - 1) / groupsPerFile }
  }

  struct Province: Sendable {
    let name: String?
    let slug: String
    /// Positions in `places`.
    let places: Range<Int>
    let count: Int
  }

  let provinces: [Province]
  /// Of all provinces in their order.
  let places: [Place]
  /// Certificates on the whole.
  let count: Int
  /// Names that lead to one address, though they are written in several ways.
  private(set) var spellings: [Spelling]

  private var positions: [Key: (place: Int, group: Int?)]

  /// What a row says of its place, and the batch that speaks where it says nothing.
  private struct Key: Hashable {
    let place: Int
    let batch: Int?
  }

  init(_ registry: Registry) {
    let census = registry.figures.census
    var counting = Counting(schemes: registry.schemes.count)
    var found: [(key: Key, place: Counting.Address, group: String?)] = []
    for (kind, count) in census.kinds where kind.isListed && kind.holds && count > 0 {
      let place = census.places[kind.place]
      let batch = kind.batch.map { registry.batches[$0] }
      let isSilent = place.province == nil && place.regency == nil
      let address = counting.add(
        province: isSilent ? batch?.province : place.province?.string,
        regency: isSilent ? batch?.regency : place.regency?.string,
        group: batch?.kind == .group ? batch?.requestedBy : nil, scheme: kind.scheme, count: count)
      found.append(
        (
          Key(place: kind.place, batch: kind.batch), address.place, address.group
        ))
    }
    let made = counting.finish()
    provinces = made.provinces
    places = made.places
    count = made.places.reduce(0) { $0 + $1.count }
    spellings = made.spellings
    var groups: [[String: Int]] = []
    for place in made.places {
      groups.append(
        Dictionary(
          place.groups.enumerated().map { ($0.element.slug, $0.offset) },
          uniquingKeysWith: { first, _ in first }))
    }
    positions = [:]
    for (key, address, group) in found {
      guard let place = made.positions[address] else { continue }
      positions[key] = (place, group.flatMap { groups[place][$0] })
    }
  }

  /// Where a certificate in force stands; nil for one that is in no list.
  ///
  /// - Parameters:
  ///   - place: its position in `Census.places`.
  ///   - batch: its position in `Registry.batches`.
  func position(place: Int, batch: Int?) -> (place: Int, group: Int?)? {
    positions[Key(place: place, batch: batch)]
  }

  /// The slugs of a place, as parts of its address.
  func folder(of place: Int) -> String {
    "directory/\(provinces[places[place].province].slug)/\(places[place].slug)/"
  }
}

/// A name that is written in several ways.
extension DirectoryLayout {
  struct Spelling: Sendable {
    let column: String
    let chosen: String
    let other: String
  }

  /// Says which names lead to one address though they are written in several ways.
  package func report(at path: String, findings: inout Findings) {
    for spelling in spellings {
      findings.add(
        Diagnostic(
          "place-spelling", .warning, at: SourceLocation(path: path),
          message: "A place has one spelling: in the column \(spelling.column), both"
            + " `\(spelling.chosen)` and `\(spelling.other)` stand for listed certificates, and the"
            + " directory takes them for one",
          hint: "write `\(spelling.chosen)` everywhere; if they are two places, name them apart"))
    }
  }
}

/// Adds up kinds of certificates by the addresses of their places.
private struct Counting {
  struct Address: Hashable {
    let province: String
    let regency: String
  }

  private struct Found {
    var count = 0
    var bySchemes: [Int]
    var names: [String: Int] = [:]
    var groups: [String: (count: Int, names: [String: Int])] = [:]
  }

  let schemes: Int
  private var provinceNames: [String: [String: Int]] = [:]
  private var found: [Address: Found] = [:]

  init(schemes: Int) {
    self.schemes = schemes
  }

  mutating func add(
    province: String?, regency: String?, group: String?, scheme: Int, count: Int
  ) -> (place: Address, group: String?) {
    let address = Address(
      province: province.map(listSlug) ?? DirectoryLayout.unstated,
      regency: regency.map(listSlug) ?? DirectoryLayout.unstated)
    if let province { provinceNames[address.province, default: [:]][province, default: 0] += count }
    var place = found[address] ?? Found(bySchemes: Array(repeating: 0, count: schemes))
    place.count += count
    place.bySchemes[scheme] += count
    if let regency { place.names[regency, default: 0] += count }
    let slug = group.map(listSlug)
    if let group, let slug {
      place.groups[slug, default: (0, [:])].count += count
      place.groups[slug, default: (0, [:])].names[group, default: 0] += count
    }
    found[address] = place
    return (address, slug)
  }

  /// What is written most often, the first of equals by bytes.
  private func chosen(_ names: [String: Int]?) -> String? {
    names?.min { left, right in
      left.value != right.value
        ? left.value > right.value : left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
    }?.key
  }

  private func spellings(
    _ column: String, _ names: [String: Int]
  ) -> [DirectoryLayout.Spelling] {
    guard let chosen = chosen(names) else { return [] }
    return names.keys.filter { $0 != chosen }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { DirectoryLayout.Spelling(column: column, chosen: chosen, other: $0) }
  }

  func finish() -> (
    provinces: [DirectoryLayout.Province], places: [DirectoryLayout.Place],
    positions: [Address: Int], spellings: [DirectoryLayout.Spelling]
  ) {
    var provinces: [DirectoryLayout.Province] = []
    var places: [DirectoryLayout.Place] = []
    var positions: [Address: Int] = [:]
    var spellings: [DirectoryLayout.Spelling] = []
    let named = Set(found.keys.map(\.province)).map { ($0, chosen(provinceNames[$0])) }
    for (slug, name) in named.sorted(by: before) {
      let first = places.count
      let regencies = found.filter { $0.key.province == slug }
        .map { ($0.key.regency, chosen($0.value.names), $0) }
      for (regency, name, (address, place)) in regencies.sorted(by: {
        before(($0.0, $0.1), ($1.0, $1.1))
      }) {
        positions[address] = places.count
        places.append(
          DirectoryLayout.Place(
            province: provinces.count, name: name, slug: regency, count: place.count,
            bySchemes: place.bySchemes,
            groups: place.groups.map { ($0.key, chosen($0.value.names), $0.value.count) }
              .sorted { before(($0.0, $0.1), ($1.0, $1.1)) }
              .map { DirectoryLayout.Group(name: $0.1 ?? "", slug: $0.0, count: $0.2) }))
        spellings += self.spellings("regency", place.names)
      }
      spellings += self.spellings("province", provinceNames[slug] ?? [:])
      provinces.append(
        DirectoryLayout.Province(
          name: name, slug: slug, places: first..<places.count,
          count: places[first...].reduce(0) { $0 + $1.count }))
    }
    return (provinces, places, positions, spellings)
  }

  /// By name; what has none comes last.
  private func before(_ left: (slug: String, name: String?), _ right: (slug: String, name: String?))
    -> Bool
  {
    if (left.name == nil) != (right.name == nil) { return left.name != nil }
    return left.slug.utf8.lexicographicallyPrecedes(right.slug.utf8)
  }
}
