public import Proof

/// What a text was read as: the code of a certificate, or the reason why it is none.
///
/// The box on the site reads in the same way: `templates/assets/verify/code.js` has this grammar under the same names, and
/// `Tests/Fixtures/addresses.json` the cases that both are held to.
public enum CodeReading: Sendable, Equatable {
  /// A code, with the fingerprint that it was taken from and the host of its address where there are such.
  case code(CertificateCode, fingerprint: Fingerprint?, host: String?)
  case problem(CodeProblem)

  /// Reads a code, a fingerprint, an address, or a text that holds one of them.
  public init(_ text: String) {
    self = Self.read(text)
  }
}

typealias Letters = [Unicode.Scalar]

extension CodeReading {
  /// How many letters of a text are read.
  private static let longest = 4096

  static func read(_ text: String) -> CodeReading {
    let letters = plain(Letters(text.unicodeScalars.prefix(longest)))
    let words = glue(wordsOf(letters))
    if isChecksum(words) { return readDigits(words[0]) }
    let all = words.map(addresses)
    let found = all.joined().filter { !($0.tail ?? []).isEmpty }
    if found.isEmpty, case .code = readDigits(letters) { return readDigits(letters) }
    // In one word, as in a link of Markdown, nobody can say which host is meant.
    let isDouble = all.contains { each in
      each.contains { !($0.tail ?? []).isEmpty } && Set(each.map(\.site)).count > 1
    }
    let sites = Set(found.map(\.site)).subtracting([.unnamed])
    let readings = found.map { judge($0.tail ?? []) }
    let others = runs(zip(words, all).filter { $1.isEmpty }.map(\.0)).map(judge)
    let merged = Merged(readings + others)
    if isDouble || sites.count > 1 || merged.isContradictory { return .problem(.several) }
    if sites == [.invalid] { return .problem(.page) }
    if let code = merged.codes.first {
      return .code(code, fingerprint: merged.fingerprints.first, host: sites.first?.name)
    }
    if let reading = readings.first { return reading }
    return all.joined().contains(where: \.isPlain) ? .problem(.page) : readDigits(letters)
  }

  /// What several readings of one text say together.
  private struct Merged {
    private(set) var codes: Set<CertificateCode> = []
    private(set) var fingerprints: Set<Fingerprint> = []

    init(_ readings: [CodeReading]) {
      for case .code(let code, let fingerprint, _) in readings {
        codes.insert(code)
        if let fingerprint { fingerprints.insert(fingerprint) }
      }
    }

    var isContradictory: Bool { codes.count > 1 || fingerprints.count > 1 }
  }

  // MARK: Words

  private struct Word {
    var letters: Letters
    /// Whether a line break stands before it.
    let isBroken: Bool
  }

  private static func wordsOf(_ text: Letters) -> [Word] {
    var words: [Word] = []
    var gap: Letters = []
    for letter in text {
      if letter.properties.isWhitespace {
        gap.append(letter)
      } else if gap.isEmpty, !words.isEmpty {
        words[words.count - 1].letters.append(letter)
      } else {
        words.append(Word(letters: [letter], isBroken: gap.contains { $0 != " " }))
        gap = []
      }
    }
    return words
  }

  /// Joins the parts of an address that a line break or the gaps between groups of digits tore apart.
  private static func glue(_ words: [Word]) -> [Letters] {
    var glued: [Letters] = []
    for word in words {
      if let before = glued.last, goesOn(before, word) {
        glued[glued.count - 1] += word.letters
      } else {
        glued.append(word.letters)
      }
    }
    return glued
  }

  private static func goesOn(_ before: Letters, _ word: Word) -> Bool {
    let letters = word.letters
    let isRelative =
      letters.first.map(isSlash) == true
      ? !letters.dropFirst().prefix(1).contains(where: isSlash)
      : letters.count > 1 && lower(letters[0]) == "c" && isSlash(letters[1])
    guard let address = addresses(before).last else { return isRelative && hasDot(before) }
    guard let tail = address.tail else {
      return isRelative
        || (word.isBroken && schemeAt(letters, starts(letters)[0]) == 0
          && !isWhole(digits(letters)))
    }
    let head = digits(Letters(letters.drop(while: isSlash).prefix { !isSlash($0) && !isMark($0) }))
    return isDigits(tail) && tail.count < 32 && !head.isEmpty && isDigits(head)
  }

  /// What `sha256sum` prints: a fingerprint and the name of a file.
  private static func isChecksum(_ words: [Letters]) -> Bool {
    guard words.count == 2, digits(words[0]).count == 64, isDigits(digits(words[0])) else {
      return false
    }
    if words[1] == ["-"] { return true }
    let name = text(words[1]).lowercased()
    return [".json", ".html", ".htm"].contains(where: name.hasSuffix) && schemeAt(words[1], 0) == 0
  }

  /// The codes among words: digits that are together as many as a code has, or one word that is.
  private static func runs(_ words: [Letters]) -> [Letters] {
    var found: [Letters] = []
    var run: [Letters] = []
    for word in words + [["\0"]] {
      let each = digits(word)
      if isDigits(each) {
        run.append(each)
      } else {
        let joined = Letters(run.joined())
        found += isWhole(joined) ? [joined] : run.filter(isWhole)
        run = []
      }
    }
    return found
  }

  // MARK: Digits

  /// A code, a fingerprint, or a number, alone or after a label: "Code: …", "code=…", "sha256:…".
  private static func readDigits(_ letters: Letters) -> CodeReading {
    if isWhole(digits(letters)) { return judge(digits(letters)) }
    var bare = letters
    if let colon = letters.firstIndex(where: { $0 == ":" || $0 == "=" }),
      letters.count - colon > 20,
      letters[..<colon].contains(where: { !$0.isASCII || ("g"..."z").contains(lower($0)) })
    {
      bare = Letters(letters[(colon + 1)...])
    }
    return looksLikeNumber(text(bare)) ? .problem(.number) : judge(digits(bare))
  }

  /// What digits are: a code, a fingerprint, or too many or too few of them.
  private static func judge(_ digits: Letters) -> CodeReading {
    if let strange = digits.first(where: { !isDigits([$0]) }) { return .problem(.strange(strange)) }
    if let code = CertificateCode(hex: text(digits.prefix(32))), isWhole(digits) {
      return .code(code, fingerprint: Fingerprint(hex: text(digits)), host: nil)
    }
    return .problem(CodeProblem(digits: digits.count))
  }

  /// 13134 7318 2 0001234 2025 and BTK.0000.00123.2025, as printed.
  private static func looksLikeNumber(_ text: String) -> Bool {
    let certificate =
      /[^0-9]*[0-9]{5}[\s\p{Pd}.\/]*[0-9]{4}[\s\p{Pd}.\/]*[0-9][\s\p{Pd}.\/]*[0-9]{7}[\s\p{Pd}.\/]*[0-9]{4}[^0-9]*/
    let registration =
      /[^0-9]*[A-Za-z]{3}[\s\p{Pd}.\/]+[0-9]{3,4}[\s\p{Pd}.\/]+[0-9]{4,6}[\s\p{Pd}.\/]+[0-9]{4}[^0-9]*/
    return [certificate, registration].contains {
      text.wholeMatch(of: $0.matchingSemantics(.unicodeScalar)) != nil
    }
  }
}
