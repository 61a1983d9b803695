import Foundation

extension CodeReading {
  /// An address in a text.
  struct Address {
    enum Site: Hashable {
      /// The host, with the folder that the site lies in.
      case named(String)
      /// What stands in the place of a host is none.
      case invalid
      /// A path alone.
      case unnamed

      var name: String? { if case .named(let name) = self { name } else { nil } }
    }

    let site: Site
    /// What stands in the place of a code.
    let tail: Letters?
    /// Whether it is an address without doubt.
    let isPlain: Bool
  }

  // MARK: Letters

  static func text(_ letters: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: letters)
    return String(view)
  }

  /// Full-width letters become plain ones, and letters that nobody sees are dropped.
  static func plain(_ letters: some Sequence<Unicode.Scalar>) -> Letters {
    text(letters).precomposedStringWithCompatibilityMapping.unicodeScalars.compactMap { letter in
      letter.properties.isDefaultIgnorableCodePoint ? nil : letter == "\u{3002}" ? "." : letter
    }
  }

  static func isMark(_ letter: Unicode.Scalar) -> Bool {
    switch letter.properties.generalCategory {
    case .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation: true
    default: "\"'<>*`|,;!\u{3001}\u{60C}\u{61B}\u{61F}".unicodeScalars.contains(letter)
    }
  }

  static func isSlash(_ letter: Unicode.Scalar) -> Bool { letter == "/" || letter == "\\" }

  /// Whether a letter may stand between the digits of a code.
  private static func isBetween(_ letter: Unicode.Scalar) -> Bool {
    letter.properties.isWhitespace || letter.properties.generalCategory == .dashPunctuation
      || isMark(letter) || "\u{2212}._·•:?".unicodeScalars.contains(letter)
  }

  static func lower(_ letter: Unicode.Scalar) -> Unicode.Scalar {
    letter.isASCII ? lower([letter])[0] : letter
  }

  static func lower(_ letters: some Sequence<Unicode.Scalar>) -> Letters {
    letters.flatMap { $0.properties.lowercaseMapping.unicodeScalars }
  }

  /// The digits of a text, and whatever in it is neither a digit nor stands between digits.
  static func digits(_ letters: Letters) -> Letters {
    lower(letters.filter { !isBetween($0) }).map { letter in
      switch letter {
      case "o": "0"
      case "l", "i": "1"
      default: letter
      }
    }
  }

  static func isDigits(_ letters: Letters) -> Bool {
    letters.allSatisfy { ("0"..."9").contains($0) || ("a"..."f").contains($0) }
  }

  static func isWhole(_ letters: Letters) -> Bool {
    isDigits(letters) && (letters.count == 32 || letters.count == 64)
  }

  /// Whether a dot stands inside a text, as in a host.
  static func hasDot(_ letters: Letters) -> Bool {
    zip(letters, zip(letters.dropFirst(), letters.dropFirst(2))).contains {
      $0 != "." && $1.0 == "." && $1.1 != "."
    }
  }

  /// What a broken percent encoding stands for is nobody's guess: it stays.
  static func decode(_ letters: some Sequence<Unicode.Scalar>) -> Letters {
    let text = text(letters)
    return Letters((text.removingPercentEncoding ?? text).unicodeScalars)
  }

  // MARK: Addresses

  /// How long the scheme is that begins at a place of a text, with its colon; 0 where none does.
  static func schemeAt(_ letters: Letters, _ start: Int) -> Int {
    let rest = letters.dropFirst(start)
    let name = rest.prefix {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789+.-".unicodeScalars.contains($0))
    }
    guard let first = name.first, first.properties.isAlphabetic else { return 0 }
    let after = rest.dropFirst(name.count)
    guard after.first == ":" else { return 0 }
    let isWeb = ["http", "https"].contains(text(lower(name)))
    let slashes = after.dropFirst().prefix(2)
    return isWeb || (slashes.count == 2 && slashes.allSatisfy(isSlash)) ? name.count + 1 : 0
  }

  /// Where the addresses of a word begin: after its first marks, and at each scheme that a mark stands before.
  static func starts(_ word: Letters) -> [Int] {
    let start = word.prefix(while: isMark).count
    var found = [start]
    var at = start
    while at < word.count {
      let length = schemeAt(word, at)
      if length > 0, at > start {
        // A label may stand before the first: "Code:https://…".
        if isMark(word[at - 1]) {
          found.append(at)
        } else if found.count == 1,
          !word[start..<at].contains(where: { "/\\.?#@".unicodeScalars.contains($0) })
        {
          found[0] = at
        }
      }
      at += max(length, 1)
    }
    return found
  }

  /// The addresses in a word.
  static func addresses(_ word: Letters) -> [Address] {
    let starts = starts(word)
    return zip(starts, starts.dropFirst() + [word.count]).compactMap {
      readAddress(Letters(word[$0..<$1]))
    }
  }

  /// Reads an address as browsers do.
  private static func readAddress(_ letters: Letters) -> Address? {
    let length = schemeAt(letters, 0)
    let scheme = text(lower(letters[..<length]))
    let isWeb = scheme.isEmpty || scheme.hasPrefix("http")
    let slashes = letters[length...].prefix(while: isSlash).count
    var rest = letters.dropFirst(length + (isWeb ? slashes : 2))
    let authority = Letters(rest.prefix { !isSlash($0) && $0 != "?" && $0 != "#" })
    var host: Letters?
    if length > 0 || slashes > 1 {
      host = authority.isEmpty && !isWeb ? nil : authority
    } else if slashes == 0, letters.first != "?" {
      let isAddress =
        letters.contains(where: isSlash) || text(letters).contains(/[?&]code=/.ignoresCase())
      if authority.count == letters.count || !isAddress { return nil }
      if !["c", ".", ".."].contains(text(lower(authority))) {
        host = Letters(
          authority.split(omittingEmptySubsequences: false, whereSeparator: isMark).last ?? [])
      }
    }
    if host != nil { rest = rest.dropFirst(authority.count) }
    let isPlain =
      length > 0 || slashes > 0
      || (host != nil && hasDot(authority) && rest.first.map(isSlash) == true)
    let pieces = rest.prefix { $0 != "#" }.split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let (tail, folder) = readPath(pieces.first ?? [], query: pieces.dropFirst().first ?? [])
    let site: Address.Site =
      if let host {
        normalHost(afterUser(host), scheme: scheme).map {
          .named(([$0] + folder).joined(separator: "/"))
        } ?? .invalid
      } else {
        .unnamed
      }
    return Address(site: site, tail: tail, isPlain: isPlain)
  }

  /// The host and port of an authority; a name and a password may stand before them.
  private static func afterUser(_ authority: Letters) -> String {
    text(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? [])
  }

  /// What stands in the place of a code, and the folders before it.
  private static func readPath(
    _ path: ArraySlice<Unicode.Scalar>, query: ArraySlice<Unicode.Scalar>
  ) -> (tail: Letters?, folder: [String]) {
    var parts: [Letters] = []
    for part in plain(decode(path)).split(whereSeparator: isSlash) where part != ["."] {
      if part == [".", "."] {
        _ = parts.popLast()
      } else {
        parts.append(Letters(part))
      }
    }
    if let at = parts.firstIndex(where: { lower($0) == ["c"] }) {
      return (tailOf(parts.suffix(from: at + 1)), parts[..<at].map(text))
    }
    let folder = parts.map(text).filter {
      !["verify", "id", "index.html"].contains($0.lowercased())
    }
    let asked = query.split(separator: "&").first {
      lower($0.prefix(5)) == Letters("code=".unicodeScalars)
    }
    let tail = asked.map { asked in
      tailOf([plain(decode(asked.dropFirst(5).map { $0 == "+" ? " " : $0 }))])
    }
    return (tail, folder)
  }

  /// The digits of the parts of a path, up to a whole code, a file's name, or a mark.
  private static func tailOf(_ parts: ArraySlice<Letters>) -> Letters {
    var found: Letters = []
    for part in parts {
      if isWhole(found)
        || text(part).prefixMatch(of: /[A-Za-z\-]+\.([Hh][Tt][Mm][Ll]?|[Jj][Ss][Oo][Nn])/) != nil
      {
        break
      }
      let before = part.prefix { !isMark($0) }
      found += digits(Letters(before))
      if before.count < part.count { break }
    }
    return found
  }
}
