/// Positions in the log by log id, in 44 bytes each: an open-addressing table.
struct LogIDTable: Sendable {
  private var ids: [LogID] = []
  private var positions: [UInt32] = []
  /// Index into the others + 1, 0 for an empty slot; a power of two of them, at most half of which
  /// are full.
  private var slots: [UInt32]

  /// - Parameter capacity: how many ids there may be; more fit as well.
  init(capacity: Int = 0) {
    ids.reserveCapacity(capacity)
    positions.reserveCapacity(capacity)
    var size = 1024
    while size < capacity * 2 { size *= 2 }
    slots = Array(repeating: 0, count: size)
  }

  var count: Int { ids.count }

  subscript(id: LogID) -> Int? {
    let found = slots[slot(of: id)]
    return found == 0 ? nil : Int(positions[Int(found) - 1])
  }

  /// - Returns: false when the id is there already.
  mutating func insert(_ id: LogID, at position: Int) -> Bool {
    if (count + 1) * 2 > slots.count { grow() }
    let slot = slot(of: id)
    guard slots[slot] == 0 else { return false }
    ids.append(id)
    positions.append(UInt32(position))
    slots[slot] = UInt32(count)
    return true
  }

  /// The slot that holds an id, or the empty one where it would go. An id is a hash already.
  private func slot(of id: LogID) -> Int {
    var slot = Int(truncatingIfNeeded: id.digest.high) & (slots.count - 1)
    while slots[slot] != 0, ids[Int(slots[slot]) - 1] != id {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for (index, id) in ids.enumerated() { slots[slot(of: id)] = UInt32(index + 1) }
  }
}
