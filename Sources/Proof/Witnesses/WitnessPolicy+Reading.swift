public import Diagnostics
import Foundation

/// Reads the lines of a policy, each mistake with its place.
extension WitnessPolicy {
  /// - Parameter bytes: of the file.
  /// - Returns: nil, with findings, when it breaks a rule of tlog-policy.
  public init?(_ bytes: [UInt8], displayPath path: String, findings: inout Findings) {
    var reader = Reader(path: path)
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() { reader.take(line, number: number + 1) }
    reader.finish(lines: lines.count)
    for mistake in reader.mistakes { findings.add(mistake) }
    guard reader.mistakes.isEmpty else { return nil }
    self = reader.policy
    self.bytes = bytes.last == 0x0A ? bytes : bytes + [0x0A]
  }

  /// A word of a line. Names are bytes: two of them are one name if their bytes are the same.
  private struct Word {
    let bytes: ArraySlice<UInt8>
    let start: Int

    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  private struct Reader {
    let path: String
    var policy = WitnessPolicy()
    var mistakes: [Diagnostic] = []
    private var names: [ArraySlice<UInt8>: Member] = [:]
    private var members: Set<ArraySlice<UInt8>> = []
    private var hasQuorum = false
    private var line: ArraySlice<UInt8> = []
    private var number = 0

    init(path: String) { self.path = path }

    private static let forms = [
      "log": "log <key> [<address>]", "witness": "witness <name> <key> [<address>]",
      "group": "group <name> all|any|<number> <name>…", "quorum": "quorum <name>|none",
    ]

    mutating func take(_ line: ArraySlice<UInt8>, number: Int) {
      (self.line, self.number) = (line, number)
      if let strange = line.firstIndex(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) {
        return add(
          "policy-character", Word(bytes: line[strange...strange], start: strange),
          "A policy has tabs and line feeds, and no other control characters",
          line[strange] == 0x0D ? "save it with line ends of Linux (LF)" : "take it out")
      }
      let words = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }).map {
        Word(bytes: $0, start: $0.startIndex)
      }
      guard let first = words.first, first.bytes.first != UInt8(ascii: "#") else { return }
      let rest = Array(words.dropFirst())
      switch first.text {
      case "log" where (1...2).contains(rest.count): takeLog(rest)
      case "witness" where (2...3).contains(rest.count): takeWitness(rest)
      case "group" where rest.count >= 3: takeGroup(rest)
      case "quorum" where rest.count == 1: takeQuorum(rest[0])
      case let word:
        let form = Self.forms[word]
        add(
          "policy-line", first,
          form.map { "This line is written: \($0)" }
            ?? "A line of a policy begins with log, witness, group or quorum",
          suggestion(for: word, among: Self.forms.keys).map { "did you mean `\($0)`?" }
            ?? "see docs/formats.md, “Witnesses”")
      }
    }

    mutating func finish(lines: Int) {
      guard !hasQuorum else { return }
      (line, number) = ([], lines)
      mistakes.append(
        Diagnostic(
          "policy-quorum", at: SourceLocation(path: path),
          message: "A policy says which witnesses suffice, in one line `quorum`, and there is none",
          hint: "add `quorum` with the name of a witness or group, or `quorum none`"))
    }

    private mutating func add(
      _ id: DiagnosticID, _ word: Word, _ message: String, _ hint: String
    ) {
      let before = String(decoding: line[line.startIndex..<word.start], as: UTF8.self)
      let column = before.unicodeScalars.count + 1
      mistakes.append(
        Diagnostic(
          id, at: SourceLocation(path: path, line: number, column: column), message: message,
          hint: hint,
          excerpt: Excerpt(
            line: String(decoding: line, as: UTF8.self), column: column,
            length: word.text.unicodeScalars.count)))
    }

    private mutating func verifier(_ word: Word, _ kind: NoteVerifier.Kind) -> NoteVerifier? {
      do {
        return try NoteVerifier(word.text, kind: kind)
      } catch {
        add(
          "policy-key", word,
          "A \(kind == .text ? "log" : "witness") is named by its key: \(error)",
          kind == .text
            ? "copy the verifier key from the log's page /trust/"
            : "copy the key that the witness states; Ed25519 alone is understood (type 4)")
        return nil
      }
    }

    private mutating func address(_ word: Word?) -> String? {
      guard let word else { return nil }
      if let url = URL(string: word.text), url.host != nil,
        ["http", "https"].contains(url.scheme?.lowercased())
      {
        return word.text
      }
      add(
        "policy-address", word, "An address begins with https:// or http://, and has a host",
        "correct it, or leave it out: a policy for checking alone needs none")
      return nil
    }

    private mutating func takeLog(_ words: [Word]) {
      _ = address(words.dropFirst().first)
      guard let key = verifier(words[0], .text) else { return }
      guard !policy.logs.contains(where: { $0.verifier.key == key.key }) else {
        return addKeyTwice(words[0])
      }
      policy.logs.append(Log(verifier: key))
    }

    private mutating func takeWitness(_ words: [Word]) {
      let address = address(words.dropFirst(2).first)
      // A name of a witness whose key is wrong is known all the same.
      define(words[0], as: .witness(policy.witnesses.count))
      guard let key = verifier(words[1], .cosignature) else { return }
      guard !policy.witnesses.contains(where: { $0.verifier.key == key.key }) else {
        return addKeyTwice(words[1])
      }
      policy.witnesses.append(Witness(name: words[0].text, verifier: key, address: address))
    }

    private mutating func addKeyTwice(_ word: Word) {
      add(
        "policy-key-twice", word, "This key stands in an earlier line",
        "take one of the lines out: one key is one log or witness, whatever its name")
    }

    private mutating func define(_ name: Word, as member: Member) {
      guard name.text != "none", names[name.bytes] == nil else {
        return add(
          "policy-name-twice", name,
          name.text == "none"
            ? "`none` means that no witness is needed, and names nothing else"
            : "Witnesses and groups have names of their own, and this one is taken",
          "choose another name")
      }
      names[name.bytes] = member
    }

    private mutating func member(_ name: Word) -> Member? {
      if let member = names[name.bytes] { return member }
      let known = names.keys.map { String(decoding: $0, as: UTF8.self) }.sorted()
      add(
        "policy-unknown-name", name, "A name is defined in an earlier line, and this one is not",
        suggestion(for: name.text, among: known).map { "did you mean `\($0)`?" }
          ?? "define it above with `witness` or `group`")
      return nil
    }

    private mutating func takeGroup(_ words: [Word]) {
      var found: [Member] = []
      for word in words.dropFirst(2) {
        guard let member = member(word) else { continue }
        if !members.insert(word.bytes).inserted {
          add(
            "policy-member-twice", word,
            "A name counts in one group once, and this one did already",
            "take it out of one of them")
        }
        found.append(member)
      }
      let count = words.count - 2
      let threshold: Int? =
        switch words[1].text {
        case "all": count
        case "any": 1
        case let digits where digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }): Int(digits)
        default: nil
        }
      define(words[0], as: .group(policy.groups.count))
      guard let threshold, (1...count).contains(threshold) else {
        return add(
          "policy-threshold", words[1],
          "A group needs `all`, `any`, or a number from 1 to that of its \(count) members",
          "correct the number")
      }
      policy.groups.append(Group(threshold: threshold, members: found))
    }

    private mutating func takeQuorum(_ word: Word) {
      if hasQuorum {
        add(
          "policy-quorum", word, "A policy has one line `quorum`, and this is another",
          "take one of them out")
      }
      hasQuorum = true
      guard word.text != "none", let member = member(word) else { return }
      policy.quorum = member
      policy.quorumName = word.text
    }
  }
}
