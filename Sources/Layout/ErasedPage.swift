package import Proof

/// What stands at a certificate's address once its holder asked for erasure: one page for all of
/// them, in both languages, which names nobody and says no more than that.
package enum ErasedPage {
  package static let template = "erased"
  /// How programs know it; no certificate's page has these words.
  private static let marker = Array(
    "<main id=\"main\" class=\"missing\" data-verdict=\"erased\">".utf8)

  package static func path(_ code: CertificateCode) -> OutputPath {
    OutputPath(folder: code.folderBytes, name: "index.html")
  }

  /// Whether it is such a page, and no certificate's that has its words as well.
  package static func isOne(_ page: [UInt8]) -> Bool {
    page.firstRange(of: marker) != nil && CertificatePageMetadata(page) == nil
  }
}
