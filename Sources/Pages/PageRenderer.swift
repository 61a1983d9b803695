package import Content
import Input
import Layout
import Mustache
package import Project
package import Registry
package import Theme

/// What the head of a page says.
struct PageContext {
  let title: String
  let description: String
  /// From the site's root, as in `/schemes/`.
  let path: String
  /// The canonical address; nil for a page without one.
  let url: String?
  let isIndexed: Bool
  var type = "website"
  var body: String?
  /// Whether its text is written from right to left.
  var isRightToLeft = false
  /// JSON safe inside a script element.
  var jsonLD: String?
  /// Name of the standing page, to mark it in the menu.
  var name: String?
  /// The picture that stands for the page where it is shared; the common one without it.
  var picture: SharedPicture?
  /// The page's addresses in every language it has, by language code.
  var addresses: [(language: String, path: String)] = []

  init(title: String, description: String, path: String, url: String?, isIndexed: Bool) {
    self.title = title
    self.description = description
    self.path = path
    self.url = url
    self.isIndexed = isIndexed
  }
}

/// A picture that stands for a page where its address is shared.
struct SharedPicture {
  /// The whole address.
  let url: String
  let size: (width: Int, height: Int)?
  let alternativeText: String

  var context: TemplateContext {
    var context: TemplateContext = ["url": url, "alt": alternativeText]
    context["width"] = size.map { String($0.width) }
    context["height"] = size.map { String($0.height) }
    return context
  }
}

/// Renders pages from templates: what all pages share is put together once.
package struct PageRenderer: Sendable {
  package let configuration: SiteConfiguration
  package let theme: Theme
  /// The issuer's edition in force on the day of the newest certificate.
  package let issuer: Issuer
  private let shared: [String: TemplateContext]
  private let menus: [String: [MenuEntry]]

  /// A link of the menu.
  private struct MenuEntry {
    let name: String
    let label: String
    let path: String
    /// The page's language where it is not the one of the menu.
    let foreign: String?
  }

  package init(configuration: SiteConfiguration, theme: Theme, pages: [Page], registry: Registry) {
    self.configuration = configuration
    self.theme = theme
    let today = registry.figures.latestIssue
    let issuer =
      today.map { registry.issuer.inForce(on: $0) }
      ?? registry.issuer.all[registry.issuer.all.count - 1].value
    self.issuer = issuer
    let words = theme.strings.mapValues { $0.context }
    var shared: [String: TemplateContext] = [:]
    var menus: [String: [MenuEntry]] = [:]
    for language in configuration.languages {
      shared[language] = [
        "lang": language,
        "dir": theme.strings[language]?.buyerWords.direction.rawValue ?? "ltr",
        "t": words[language] ?? [:],
        "strings": TemplateContext(words),
        "languages": theme.buyerWords.map { words in
          [
            "code": words.language, "name": words.name, "dir": words.direction.rawValue,
            "words": words.asset.address,
          ] as TemplateContext
        },
        "assets": TemplateContext(theme.assets.addresses),
        "site": Self.site(configuration, language: language, issuer: issuer, pages: pages),
        "pages": Self.links(to: pages, configuration, language),
      ]
      menus[language] = configuration.navigation.compactMap { name in
        Self.page(name, in: language, configuration, pages).map { page in
          MenuEntry(
            name: name, label: page.navigation ?? page.title,
            path: configuration.address(page.addressPath, in: page.language),
            foreign: page.language == language ? nil : page.language)
        }
      }
    }
    self.shared = shared
    self.menus = menus
  }

  /// A standing page in a language, or in the site's first where nobody wrote it in that one.
  private static func page(
    _ name: String, in language: String, _ configuration: SiteConfiguration, _ pages: [Page]
  ) -> Page? {
    pages.first { $0.name == name && $0.language == language }
      ?? pages.first { $0.name == name && $0.language == configuration.languages[0] }
  }

  /// Where the standing pages and the search are for readers of a language, as in
  /// `{{pages.how_it_works.path}}`; `foreign` is the page's language where it is another one.
  private static func links(
    to pages: [Page], _ configuration: SiteConfiguration, _ language: String
  ) -> TemplateContext {
    var links: TemplateContext = [
      "search": ["path": configuration.address("search/", in: language)] as TemplateContext
    ]
    for name in Set(pages.map(\.name)) {
      guard let page = page(name, in: language, configuration, pages) else { continue }
      var link: TemplateContext = [
        "title": page.navigation ?? page.title,
        "path": configuration.address(page.addressPath, in: page.language),
      ]
      if page.language != language { link["foreign"] = page.language }
      links[name.replacing("-", with: "_")] = link
    }
    return links
  }

  private static func site(
    _ configuration: SiteConfiguration, language: String, issuer: Issuer, pages: [Page]
  ) -> TemplateContext {
    func address(of name: String) -> String {
      page(name, in: language, configuration, pages).map {
        configuration.address($0.addressPath, in: $0.language)
      } ?? "/"
    }
    var contact: TemplateContext = ["address": configuration.contact.address]
    contact["email"] = configuration.contact.email
    contact["phone"] = configuration.contact.phone
    if let hours = configuration.contact.hours {
      contact["hours"] = hours[language]
      contact["lang"] = hours.language(for: language)
    }
    return [
      "title": configuration.title[language],
      "lang": configuration.title.language(for: language),
      "description": configuration.description[language],
      "url": configuration.url,
      "host": configuration.host,
      "specimen": configuration.isSpecimen,
      "home": address(of: "home"),
      "verify": address(of: "verify"),
      "issuer": ["name": issuer.name, "licence": issuer.licence] as TemplateContext,
      "contact": contact,
    ]
  }

  /// The context that every page starts from.
  func context(language: String, page: PageContext) -> TemplateContext {
    var context = shared[language] ?? [:]
    context["nav"] = (menus[language] ?? []).map { item -> TemplateContext in
      var entry: TemplateContext = [
        "label": item.label, "path": item.path, "current": item.name == page.name,
      ]
      entry["foreign"] = item.foreign
      return entry
    }
    var details: TemplateContext = [
      "title": page.title,
      "rtl": page.isRightToLeft,
      "description": page.description,
      "path": page.path,
      "noindex": !page.isIndexed,
      "type": page.type,
      "alternates": alternates(of: page),
      "translations": page.addresses.filter { $0.language != language }.map { address in
        [
          "lang": address.language,
          "label": theme.strings[address.language]?.name ?? address.language,
          "path": address.path,
        ] as TemplateContext
      },
    ]
    details["url"] = page.url
    if let body = page.body, !body.isEmpty { details["body"] = body }
    details["jsonld"] = page.jsonLD
    details["picture"] = page.picture?.context
    context["page"] = details
    return context
  }

  /// The addresses for search engines, the first language for everybody else.
  private func alternates(of page: PageContext) -> [TemplateContext] {
    guard page.addresses.count > 1 else { return [] }
    var alternates: [TemplateContext] = page.addresses.map {
      ["lang": $0.language, "url": configuration.url + $0.path]
    }
    if let first = page.addresses.first(where: { $0.language == configuration.languages[0] }) {
      alternates.append(["lang": "x-default", "url": configuration.url + first.path])
    }
    return alternates
  }

  /// The finished page.
  func render(_ context: TemplateContext, template: String) -> String {
    // The theme was checked for this template when it was read.
    theme.templates.render(context, withTemplate: template) ?? ""
  }

  func strings(_ language: String) -> SiteStrings? { theme.strings[language] }

  /// As a `dir` attribute says it.
  func direction(of language: String) -> String {
    (strings(language)?.buyerWords.direction ?? .ltr).rawValue
  }
}
