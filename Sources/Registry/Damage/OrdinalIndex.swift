/// Finds the first row with a key, which is computed anew from the rows themselves, in some sixteen bytes a row.
struct OrdinalIndex {
  private struct Slot {
    var hash: UInt32 = 0
    /// Ordinal + 1; 0 for an empty slot.
    var entry: UInt32 = 0
  }

  private var slots = [Slot](repeating: Slot(), count: 1024)
  private var count = 0

  /// Enters a row unless one with its key is there.
  ///
  /// - Parameter isSame: whether an earlier row has the same key; it is asked where hashes agree.
  /// - Returns: the earlier row with the key, or nil.
  mutating func enter(_ ordinal: Int, hash: UInt64, isSame: (Int) -> Bool) -> Int? {
    if (count + 1) * 2 > slots.count { grow() }
    let hash = UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    var position = Int(hash) & (slots.count - 1)
    while slots[position].entry != 0 {
      if slots[position].hash == hash {
        let earlier = Int(slots[position].entry) - 1
        if isSame(earlier) { return earlier }
      }
      position = (position + 1) & (slots.count - 1)
    }
    slots[position] = Slot(hash: hash, entry: UInt32(ordinal + 1))
    count += 1
    return nil
  }

  /// The first row that was entered with a hash and meets a condition.
  func first(hash: UInt64, where meets: (Int) -> Bool) -> Int? {
    let hash = UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    var position = Int(hash) & (slots.count - 1)
    while slots[position].entry != 0 {
      let earlier = Int(slots[position].entry) - 1
      if slots[position].hash == hash, meets(earlier) { return earlier }
      position = (position + 1) & (slots.count - 1)
    }
    return nil
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    for slot in old where slot.entry != 0 {
      var position = Int(slot.hash) & (slots.count - 1)
      while slots[position].entry != 0 { position = (position + 1) & (slots.count - 1) }
      slots[position] = slot
    }
  }
}
