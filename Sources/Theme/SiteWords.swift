import Files
import Layout
import Proof

/// The module `site-words.js`, which the build makes: what certificates' pages say by script alone, and where
/// the script finds what it fetches when it is needed.
///
/// The pages are written in the site's first language. The script says the rest in it, the verdicts in the
/// site's second language too, and fetches the words of any other language from its own file.
enum SiteWords {
  /// What a certificate's page may say in its own language.
  static let groups: Set = ["certificate", "steps", "verdict", "status", "share"]
  /// What it says in two languages.
  private static let twice: Set = ["verdict", "status"]
  private static let keys: Set = ["layout.language"]
  private static let twiceKeys: Set = [
    "certificate.elsewhere", "certificate.tally", "certificate.by",
  ]

  /// - Parameters:
  ///   - own: the words of the site's own languages, the first one first.
  ///   - all: those of every language that a visitor may choose.
  ///   - signatureScript: what checks signatures where the browser cannot, if the site has it.
  static func module(
    own: [BuyerWords], all: [BuyerWords], signatureScript: SignatureScript?
  ) -> SourceFile {
    var words: [String: JSONValue] = [:]
    for (position, language) in own.enumerated() {
      let texts = language.words.filter { key, _ in
        let group = String(key.prefix { $0 != "." })
        return position == 0
          ? groups.contains(group) || keys.contains(key)
          : twice.contains(group) || twiceKeys.contains(key)
      }
      words[language.language] = .object(
        Dictionary(texts.map { ($0.key, .string($0.text)) }, uniquingKeysWith: { $1 }))
    }
    let languages = all.map { language in
      JSONValue.object([
        "code": .string(language.language), "locale": .string(language.locale),
        "name": .string(language.name),
        "words": .string(language.asset.address),
      ])
    }
    func constant(_ name: String, _ value: JSONValue) -> String {
      "export const \(name) = \(String(decoding: CanonicalJSON.encode(value), as: UTF8.self));\n"
    }
    return SourceFile(
      path: "templates/strings/site-words.js",
      text: constant("siteWords", .object(words)) + constant("siteLanguages", .array(languages))
        + constant("signatureScript", .string(signatureScript?.asset.address ?? "")))
  }
}

extension Theme {
  /// Those of some strings that a script names, or takes in with all of their group.
  package func saidByScripts(_ keys: [String]) -> Set<String> {
    let code = assets.all.filter { $0.path.text.hasSuffix(".js") }.map { asset in
      // Without the words themselves.
      String(decoding: asset.bytes, as: UTF8.self).split(separator: "\n")
        .filter { !$0.hasPrefix("export const siteWords") }.joined(separator: "\n")
    }.joined()
    let whole = SiteWords.groups.subtracting(["certificate"])
    return Set(
      keys.filter { whole.contains(String($0.prefix { $0 != "." })) || code.contains("\"\($0)\"") })
  }
}
