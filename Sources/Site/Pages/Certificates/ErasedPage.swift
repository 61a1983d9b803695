import Proof

/// What stands at a certificate's address once its holder asked for erasure: one page for all of
/// them, in both languages, which names nobody and says no more than that.
enum ErasedPage {
  static let template = "erased"
  /// How programs know it; no certificate's page has these words.
  private static let mark = Array(
    "<main id=\"main\" class=\"missing\" data-verdict=\"erased\">".utf8)

  static func path(_ code: CertificateCode) -> OutputPath {
    OutputPath(folder: code.folderBytes, name: "index.html")
  }

  /// Whether it is such a page, and no certificate's that has its words as well.
  static func isOne(_ page: [UInt8]) -> Bool {
    page.firstRange(of: mark) != nil && SavedPage(page) == nil
  }
}

extension SitePages {
  /// The page of every erased certificate.
  func erased() -> [UInt8] {
    let language = configuration.languages[0]
    let strings = renderer.strings(language)
    // Without an address of its own, so that all of them have the same bytes.
    let head = PageContext(
      title: strings?.format("verdict.erased.title", [:]) ?? "",
      description: strings?.format("verdict.erased.sentence", [:]) ?? "", path: "/", url: nil,
      isIndexed: false)
    return bytes(renderer.context(language: language, page: head), ErasedPage.template)
  }
}
