extension Array {
  /// Sorts elements that are spread evenly, as hashes are: in place, and in a time that grows as
  /// their number does. (`sort` needs room for half of them beside the array.)
  ///
  /// - Parameters:
  ///   - key: a word of the element that never falls where the order rises.
  ///   - precedes: the order.
  package mutating func flashSort(
    by key: (Element) -> UInt64, _ precedes: (Element, Element) -> Bool
  ) {
    guard count > 1, count < Int(UInt32.max) else { return sort(by: precedes) }
    let buckets = count / 4 + 1
    func bucket(_ element: Element) -> Int {
      Int(key(element).multipliedFullWidth(by: UInt64(buckets)).high)
    }
    var ends = [UInt32](repeating: 0, count: buckets)
    for element in self { ends[bucket(element)] += 1 }
    for position in 1..<buckets { ends[position] += ends[position - 1] }
    var next = [0] + ends.dropLast()
    for current in 0..<buckets {
      while next[current] < ends[current] {
        let place = Int(next[current])
        let home = bucket(self[place])
        if home != current { swapAt(place, Int(next[home])) }
        next[home] += 1
      }
    }
    // Now none is far from its place.
    for position in 1..<count {
      var place = position
      while place > 0, precedes(self[place], self[place - 1]) {
        swapAt(place, place - 1)
        place -= 1
      }
    }
  }
}
