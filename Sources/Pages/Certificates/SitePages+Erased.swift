import Layout
import Project
import Theme

extension SitePages {
  /// The page of every erased certificate.
  package func erased() -> [UInt8] {
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
