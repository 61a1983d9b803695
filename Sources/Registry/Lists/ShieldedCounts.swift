/// Counts by group, of which nobody can find out that of a group of few people.
///
/// Such a group is not shown. Neither can it be computed from the sum of all groups, which is public:
/// what is hidden is added up, and is
///
/// 1. of at least two groups,
/// 2. of five people or more,
/// 3. of groups that do not all have the same count.
///
/// As long as it is not, the groups with the next smallest count are hidden with it, all of them. When
/// that leaves nothing to show, or the rest cannot be brought to it, no group is shown at all.
///
/// Why that is enough: the rule looks at counts and people, never at names. For somebody who knows it,
/// and even knows which groups are hidden, any two of these could have it the other way round, and every
/// published number would be the same. Since two of them differ, no hidden group has one possible
/// count alone.
public struct ShieldedCounts<Key: Sendable>: Sendable {
  /// The groups that can be shown, in the order in which they were given.
  public let shown: [(key: Key, count: Int)]
  /// What all others add up to; nil if there are none.
  public let others: Int?

  package init(_ groups: [(key: Key, count: Int, people: FewPeople)]) {
    var hidden = groups.indices.filter { groups[$0].people.areFew }
    var open = groups.indices.filter { !groups[$0].people.areFew }
    func isSafe() -> Bool {
      var people = FewPeople()
      for position in hidden { people.add(groups[position].people) }
      return !people.areFew && Set(hidden.map { groups[$0].count }).count > 1
    }
    if !hidden.isEmpty {
      while !open.isEmpty, !isSafe() {
        let next = open.map { groups[$0].count }.min()
        hidden += open.filter { groups[$0].count == next }
        open.removeAll { groups[$0].count == next }
      }
    }
    shown = open.map { (groups[$0].key, groups[$0].count) }
    others = hidden.isEmpty ? nil : hidden.reduce(0) { $0 + groups[$1].count }
  }
}

extension Census {
  /// Certificates by the regencies of a province, as far as nobody is singled out by them; the key is
  /// nil where no regency is stated.
  public func regencies(of province: Province) -> ShieldedCounts<PlaceName?> {
    let names = provinceNames
    return shielded {
      names[$0] == .known(province)
    } by: { locality in
      localities[locality].regency.map { PlaceName($0.string) }
    }
  }

  /// Certificates by texts that name no province. Such a text may be the name of something smaller.
  public var otherProvinces: ShieldedCounts<PlaceName> {
    let names = provinceNames
    func other(_ locality: Int) -> PlaceName? {
      if case .other(let name)? = names[locality] { name } else { nil }
    }
    let counts = shielded {
      other($0) != nil
    } by: {
      other($0)
    }
    return ShieldedCounts(counts)
  }

  private func shielded(
    where holds: (Int) -> Bool, by key: (Int) -> PlaceName?
  ) -> ShieldedCounts<PlaceName?> {
    let counts = counts(by: { $0.locality })
    var order: [PlaceName?] = []
    var groups: [PlaceName?: (count: Int, people: FewPeople)] = [:]
    for locality in localities.indices where holds(locality) {
      let key = key(locality)
      if groups[key] == nil { order.append(key) }
      groups[key, default: (0, FewPeople())].count += counts[locality] ?? 0
      groups[key, default: (0, FewPeople())].people.add(people[locality])
    }
    return ShieldedCounts(
      order.compactMap { key in groups[key].map { (key, $0.count, $0.people) } })
  }
}

extension ShieldedCounts where Key == PlaceName {
  fileprivate init(_ counts: ShieldedCounts<PlaceName?>) {
    shown = counts.shown.compactMap { group in group.key.map { ($0, group.count) } }
    others = counts.others
  }
}
