import Input

/// The history of keys as a site publishes it, in `keys.json`.
extension KeyHistory {
  /// Reads the list of keys in `keys.json`, newest first.
  ///
  /// - Throws: `NoteFailure` when it is no history in which one key follows the other.
  init(published json: JSONValue?) throws(NoteFailure) {
    guard let listed = json?.array, !listed.isEmpty else {
      throw NoteFailure("keys.json lists no keys")
    }
    var entries: [Entry] = []
    for entry in listed.reversed() {
      guard let key = entry["key"]?.string.flatMap({ PublicKey(multikey: $0) }),
        let from = entry["from"]?.string.flatMap({ CalendarDate(iso: $0) })
      else { throw NoteFailure("keys.json has an entry without a key or its first day") }
      let until = entry["until"]?.string.flatMap { CalendarDate(iso: $0) }
      guard (until == nil) == (entry["until"] == nil) else {
        throw NoteFailure("keys.json says until when a key was in use by something that is no day")
      }
      entries.append(Entry(key: key, from: from, until: until))
    }
    self.init(entries)
    guard isWhole else {
      throw NoteFailure("keys.json is no history: one key must follow the other, day for day")
    }
  }

  /// Whether one key follows the other, and the last is in use.
  var isWhole: Bool {
    entries.last.map { $0.until == nil } ?? false
      && zip(entries, entries.dropFirst()).allSatisfy { $0.until == $1.from && $0.from <= $1.from }
      && Set(entries.map(\.key)).count == entries.count
  }

  /// What contradicts that this history is an earlier one with nothing but more keys at its end.
  func contradiction(to earlier: KeyHistory) -> String? {
    guard entries.count >= earlier.entries.count else {
      return "the history of keys has lost keys: it had \(earlier.entries.count)"
    }
    for (old, new) in zip(earlier.entries, entries) {
      if old.key != new.key {
        return "the history of keys was rewritten: \(new.key.multikey) stands where"
          + " \(old.key.multikey) stood"
      }
      // Only the key that was in use may have got a last day since.
      if old.from != new.from || (old.until != nil && old.until != new.until) {
        return "the history of keys was rewritten: it names other days for \(old.key.multikey)"
      }
    }
    return nil
  }

  /// When a key was in use; nil for one that never was.
  public func days(of key: PublicKey) -> Entry? { entries.first { $0.key == key } }
}
