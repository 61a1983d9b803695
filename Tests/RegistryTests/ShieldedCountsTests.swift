import Registry
import Testing

/// An attack on hidden counts by somebody who knows the rule, and which groups there are.
@Suite struct ShieldedCountsTests {
  private static func people(_ count: Int) -> FewPeople {
    var people = FewPeople()
    for number in 0..<count { people.add(Array("Orang \(number)".utf8)[...]) }
    return people
  }

  /// Groups named by their positions, each of as many different people as certificates.
  private static func published(_ counts: [Int]) -> ShieldedCounts<Int> {
    ShieldedCounts(
      counts.enumerated().map { position, count in
        var people = FewPeople()
        for number in 0..<min(count, 6) {
          people.add(Array("Orang \(position) \(number)".utf8)[...])
        }
        return (key: position, count: count, people: people)
      })
  }

  /// All lists of so many counts.
  private static func everyList(of length: Int, upTo most: Int) -> [[Int]] {
    (0..<length).reduce([[]]) { lists, _ in
      lists.flatMap { list in (1...most).map { list + [$0] } }
    }
  }

  /// What somebody sees who knows which groups there are.
  private struct View: Hashable {
    let shown: [Int: Int]
    let others: Int?
  }

  @Test(arguments: [(2, 14), (3, 12), (4, 9), (5, 7)])
  func noHiddenCountIsTheOnlyOneThatFits(groups: Int, most: Int) throws {
    var possible: [View: [Set<Int>]] = [:]
    var hidesSomething = 0
    for counts in Self.everyList(of: groups, upTo: most) {
      let published = Self.published(counts)
      let shown = Dictionary(uniqueKeysWithValues: published.shown.map { ($0.key, $0.count) })
      for (position, count) in shown {
        #expect(counts[position] == count && count >= 5)
      }
      #expect(
        shown.values.reduce(0, +) + (published.others ?? 0) == counts.reduce(0, +))
      // Without a group that is shown, there is only the sum of all, which is public anyway.
      guard !shown.isEmpty, published.others != nil else { continue }
      hidesSomething += 1
      let view = View(shown: shown, others: published.others)
      for (position, count) in counts.enumerated() {
        possible[view, default: Array(repeating: [], count: groups)][position].insert(count)
      }
    }
    for (view, values) in possible {
      for position in values.indices where view.shown[position] == nil {
        #expect(values[position].count > 1, "\(view), group \(position)")
      }
    }
    #expect(hidesSomething > 0 || groups == 2)
  }

  @Test(
    arguments: [
      // All are large.
      ([5, 6, 7], [5, 6, 7], nil),
      // A small one takes the next larger one with it.
      ([3, 20, 6, 30], [20, 30], 9),
      // Two small ones with five people in all.
      ([2, 4, 9], [9], 6),
      // Two with the same count would give themselves away.
      ([4, 4, 9, 12], [12], 17), ([1, 1, 1, 1, 1, 8, 9], [9], 13),
      // Of two as large, none is hidden alone.
      ([3, 6, 6, 10], [10], 15),
      // Nothing would be left.
      ([3, 20], [], 23), ([4], [], 4), ([2, 2], [], 4),
    ] as [([Int], [Int], Int?)])
  func hidesWhatIsSmallAndWhatWouldTellIt(counts: [Int], shown: [Int], others: Int?) {
    let published = Self.published(counts)
    #expect(published.shown.map(\.count) == shown)
    #expect(published.others == others)
  }

  @Test func manyCertificatesOfFewPeopleAreHidden() {
    let published = ShieldedCounts([
      (key: "few", count: 90, people: Self.people(4)),
      (key: "many", count: 8, people: Self.people(5)),
      (key: "more", count: 50, people: Self.people(9)),
    ])
    #expect(published.shown.map(\.key) == ["more"])
    #expect(published.others == 98)
  }

  @Test func theSamePeopleInTwoPlacesAreFew() {
    let published = ShieldedCounts([
      (key: "a", count: 3, people: Self.people(3)), (key: "b", count: 4, people: Self.people(4)),
      (key: "c", count: 9, people: Self.people(9)), (key: "d", count: 10, people: Self.people(9)),
    ])
    #expect(published.shown.map(\.key) == ["d"])
  }
}
