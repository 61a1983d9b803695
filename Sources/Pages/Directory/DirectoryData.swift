import Input
import Layout
import Proof
import Registry

/// The directory's files for scripts: an index with every place, and for each place its names and
/// groups in parts of less than 64 KiB.
///
/// Their addresses do not change with their content. Under a name of its own for each content, a
/// name that was taken off the list would stay in caches for as long as such files are kept there.
struct DirectoryData {
  static let indexPath = OutputPath("directory/index.json")
  /// Longer names of groups are cut.
  static let groupNameLimit = 72
  /// A group in more files than these is looked for in all of them.
  private static let mostFiles = 20

  let registry: Registry
  let layout: DirectoryLayout
  let entries: DirectoryEntries
  let fingerprints: Fingerprints

  static func namesPath(_ layout: DirectoryLayout, _ place: Int, _ part: Int) -> OutputPath {
    OutputPath("\(layout.folder(of: place))names-\(part + 1).json")
  }

  static func groupsPath(_ layout: DirectoryLayout, _ place: Int, _ part: Int) -> OutputPath {
    OutputPath("\(layout.folder(of: place))groups-\(part + 1).json")
  }

  /// Places with their slugs, names and counts, by province; and the schemes' codes.
  func index() -> [UInt8] {
    func list(_ numbers: [Int]) -> JSONValue { .array(numbers.map { .integer($0) }) }
    let provinces = layout.provinces.map { province in
      JSONValue.object([
        "slug": .string(province.slug), "name": .string(Self.short(province.name)),
        "places": .array(
          layout.places[province.places].map { place in
            .array([
              .string(place.slug), .string(Self.short(place.name)), .integer(place.groups.count),
              list(place.bySchemes),
            ])
          }),
      ])
    }
    return CanonicalJSON.encode(
      .object([
        "namesPerFile": .integer(DirectoryLayout.namesPerFile),
        "groupsPerFile": .integer(DirectoryLayout.groupsPerFile),
        "schemes": .array(registry.schemes.map { .string($0.slug) }),
        "provinces": .array(provinces),
      ]))
  }

  /// A part of the names of a place: name, code, scheme, group (-1 for none), last day.
  func names(place: Int, part: Int) -> [UInt8] {
    let all = entries.byPlace[place]
    let own = all.dropFirst(part * DirectoryLayout.namesPerFile).prefix(
      DirectoryLayout.namesPerFile)
    var bytes = Array("{\"groups\":{".utf8)
    for (count, group) in Set(own.compactMap(\.group)).sorted().enumerated() {
      if count > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += "\"\(group)\":".utf8
      CanonicalJSON.appendString(groupName(place, group), to: &bytes)
    }
    bytes += "},\"names\":[".utf8
    for (count, entry) in own.enumerated() {
      if count > 0 { bytes += ",\n".utf8 }
      bytes.append(UInt8(ascii: "["))
      CanonicalJSON.appendString(entries.name(of: entry), to: &bytes)
      bytes += ",\"".utf8
      bytes += fingerprints[Int(entry.ordinal)].code.hex
      bytes += "\",\(entry.scheme),\(entry.group ?? -1),\"".utf8
      bytes.append(entry.certificate.expires)
      bytes += "\"]".utf8
    }
    return bytes + Array("]}\n".utf8)
  }

  /// A part of the groups of a place: slug, name, count, and the parts that have its members; none of
  /// them stands for all.
  func groups(place: Int, part: Int) -> [UInt8] {
    let groups = layout.places[place].groups
    let first = part * DirectoryLayout.groupsPerFile
    let own = first..<min(first + DirectoryLayout.groupsPerFile, groups.count)
    var files: [Set<Int>] = Array(repeating: [], count: own.count)
    for (position, entry) in entries.byPlace[place].enumerated() {
      guard let group = entry.group, own.contains(group) else { continue }
      files[group - first].insert(position / DirectoryLayout.namesPerFile)
    }
    return CanonicalJSON.encode(
      .array(
        own.map { group in
          let parts = files[group - first]
          return .array([
            .string(groups[group].slug),
            .string(Self.short(groups[group].name)),
            .integer(groups[group].count),
            .array(
              parts.count > Self.mostFiles ? [] : parts.sorted().map { .integer($0 + 1) }),
          ])
        }))
  }

  private static func short(_ name: String?) -> String {
    String(
      decoding: DirectoryEntries.shortened(Array((name ?? "").utf8), to: groupNameLimit),
      as: UTF8.self)
  }

  private func groupName(_ place: Int, _ group: Int) -> [UInt8] {
    DirectoryEntries.shortened(
      Array(layout.places[place].groups[group].name.utf8), to: Self.groupNameLimit)
  }
}
