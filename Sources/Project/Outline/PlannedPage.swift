package import Content
package import Layout

/// A page that is not a certificate's.
package struct PlannedPage: Sendable {
  package enum Kind: Sendable {
    /// A position in `Content.pages`.
    case standing(Int)
    /// A position in `Registry.schemes`.
    case scheme(Int)
    /// A position in `Content.announcements`.
    case announcement(Int)
    case newsList(Newsroom.List, page: Int)
    /// The list of all tags.
    case tags
    case search
    /// An address that a text had before, and where it says so.
    case redirect(to: String, at: SettingPlace)
    case notFound
  }

  package let kind: Kind
  package let language: String
  /// From the site's root, as in `/schemes/`.
  package let address: String
  /// What it was made from, for diagnostics.
  let source: String
  /// The same page in every language it has.
  package let translations: [(language: String, path: String)]

  package var path: OutputPath { OutputPath(page: address) }

  var isRedirect: Bool {
    if case .redirect = kind { true } else { false }
  }

  /// Whether it is the page of a Markdown file, which links can name.
  package var isOfAText: Bool {
    switch kind {
    case .standing, .announcement: true
    case .scheme, .newsList, .tags, .search, .redirect, .notFound: false
    }
  }
}
