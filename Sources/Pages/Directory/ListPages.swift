import Input
import Layout
import Project
import Proof
import Registry
import Theme

/// Makes the pages and files of `RegistryLists`.
///
/// Thousands of them differ in names and numbers alone, so their templates are rendered once for each
/// language and variant, and filled for each page.
package struct ListPages: Sendable {
  let site: Site
  let pages: SitePages
  let entries: DirectoryEntries
  let data: DirectoryData
  let words: [String: ListWords]

  package init(site: Site, pages: SitePages, entries: DirectoryEntries) {
    self.site = site
    self.pages = pages
    self.entries = entries
    data = DirectoryData(
      registry: site.project.registry, layout: site.lists.directory, entries: entries,
      fingerprints: site.fingerprints)
    var words: [String: ListWords] = [:]
    for language in SiteLanguages.whole {
      if let strings = pages.renderer.strings(language) {
        words[language] = ListWords(strings, pages: pages)
      }
    }
    self.words = words
  }

  var layout: DirectoryLayout { site.lists.directory }
  var batches: BatchList { site.lists.batches }
  var registry: Registry { site.project.registry }
  var configuration: SiteConfiguration { site.project.configuration }

  package func bytes(of file: RegistryLists.File) -> [UInt8] {
    switch file {
    case .directoryIndex: data.index()
    case .names(let place, let part): data.names(place: place, part: part)
    case .groups(let place, let part): data.groups(place: place, part: part)
    case .province(let province, let language): provincePage(province, language)
    case .place(let place, let page, let language): placePage(place, page, language)
    case .batch(let batch, let language): batchPage(batch, language)
    case .year(let year, let page, let language): yearPage(year, page, language)
    case .sitemap(let part): Sitemaps.lists(site.lists.addresses(ofSitemap: part), site)
    }
  }

  /// Fills in what every page of a list has: its addresses, and the way to its neighbours.
  func set(
    _ values: inout ListTemplate.Values, folder: String, page: Int, of pages: Int,
    _ language: String
  ) {
    func address(_ page: Int, _ language: String) -> String {
      configuration.address(RegistryLists.numbered(folder, page), in: language)
    }
    values.set(.path, address(page, language))
    for (slot, language) in zip([ListSlot.path0, .path1], SiteLanguages.whole) {
      values.set(slot, address(page, language))
    }
    guard pages > 1, let words = words[language] else { return }
    values.set(.page, words.strings.format(page))
    values.set(.pages, words.strings.format(pages))
    if page > 1 { values.set(.earlier, address(page - 1, language)) }
    if page < pages { values.set(.later, address(page + 1, language)) }
    var links: [UInt8] = []
    var link = ListTemplate.Values()
    for number in 1...pages {
      link.set(.link, address(number, language))
      link.set(.number, words.strings.format(number))
      (number == page ? words.currentPage : words.otherPage).append(link, to: &links)
    }
    values.set(html: .pageLinks, links)
  }

  /// Rows with listed certificates.
  ///
  /// - Parameter group: the name of a certificate's group; nil for none.
  func rows(
    _ listed: some Sequence<DirectoryEntries.Entry>, _ words: ListWords,
    group: (DirectoryEntries.Entry) -> String? = { _ in nil }
  ) -> [UInt8] {
    var rows: [UInt8] = []
    var values = ListTemplate.Values()
    let slash = UInt8(ascii: "/")
    for entry in listed {
      values.set(.name, entries.name(of: entry))
      let folder = site.fingerprints[entry.ordinal].code.folderBytes
      values.set(html: .link, [slash] + folder + [slash])
      values.set(.scheme, words.schemes[entry.scheme])
      values.set(.expires, entry.certificate.expires, in: words.strings)
      values.set(html: .isoExpires, entry.certificate.expires.isoBytes)
      let group = group(entry)
      if let group { values.set(.group, group) }
      (group == nil ? words.name : words.nameInGroup).append(values, to: &rows)
    }
    return rows
  }
}

/// A page of a list as the head of its template needs it, and which of its neighbours there are.
struct ListVariant: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case place, year
    case batch(hasCertificates: Bool, hasNames: Bool, hasMore: Bool)
  }

  let kind: Kind
  var isFirst = true
  var isLast = true

  init(_ kind: Kind, page: Int = 1, of pages: Int = 1) {
    self.kind = kind
    isFirst = page == 1
    isLast = page == pages
  }

  /// Every variant that occurs.
  static var all: [ListVariant] {
    let paged = [Kind.place, .year].flatMap { kind in
      [(1, 1), (1, 3), (2, 3), (3, 3)].map { ListVariant(kind, page: $0.0, of: $0.1) }
    }
    let batches = [
      (false, false, false), (true, false, false), (true, true, false), (true, true, true),
    ]
    return paged
      + batches.map {
        ListVariant(.batch(hasCertificates: $0.0, hasNames: $0.1, hasMore: $0.2))
      }
  }
}

/// The templates of lists in one language, each rendered once.
struct ListWords: Sendable {
  let strings: SiteStrings
  /// The schemes' titles, in the order of the registry.
  let schemes: [String]
  let name: ListTemplate
  let nameInGroup: ListTemplate
  let batch: ListTemplate
  let schemeCount: ListTemplate
  let schemeAlone: ListTemplate
  let currentPage: ListTemplate
  let otherPage: ListTemplate
  private let variants: [ListVariant: ListTemplate]

  init(_ strings: SiteStrings, pages: SitePages) {
    self.strings = strings
    let language = strings.language
    let renderer = pages.renderer
    schemes = pages.project.registry.schemes.map {
      pages.project.registry.latestEdition(of: $0).value.title[language]
    }
    let words = renderer.context(
      language: language,
      page: PageContext(title: "", description: "", path: "", url: nil, isIndexed: true))
    func row(_ template: String, _ slots: [String: ListSlot], _ flags: TemplateContext = [:])
      -> ListTemplate
    {
      var context = words
      for (key, slot) in slots { context[key] = slot.placeholder }
      context.add(flags)
      return ListTemplate(renderer.render(context, template: template))
    }
    let person: [String: ListSlot] = [
      "name": .name, "path": .link, "scheme": .scheme, "expires": .expires,
      "isoExpires": .isoExpires,
    ]
    name = row("listed-name", person)
    nameInGroup = row("listed-name", person.merging(["group": .group]) { $1 })
    batch = row(
      "batch-row",
      [
        "path": .link, "requestedBy": .requestedBy, "kind": .kind, "place": .place,
        "dates": .dates, "isoFrom": .isoFrom, "certified": .count,
      ])
    schemeCount = row("list-scheme", ["scheme": .scheme, "path": .link, "count": .count])
    schemeAlone = row("list-scheme", ["scheme": .scheme, "path": .link])
    currentPage = row("list-page", ["path": .link, "number": .number], ["current": true])
    otherPage = row("list-page", ["path": .link, "number": .number])
    variants = Dictionary(
      uniqueKeysWithValues: ListVariant.all.map { variant in
        (variant, ListTemplate(Self.render(variant, strings, pages)))
      })
  }

  /// The template of a page; every variant that occurs has one.
  func template(_ variant: ListVariant) -> ListTemplate { variants[variant] ?? ListTemplate("") }

  private static func render(
    _ variant: ListVariant, _ strings: SiteStrings, _ pages: SitePages
  ) -> String {
    let placeholder = { (slot: ListSlot) in slot.placeholder }
    let (key, template, name) =
      switch variant.kind {
      case .place: ("directory.place", "directory-place", "directory")
      case .year: ("batches.year", "batches-year", "batches")
      case .batch: ("batches.batch", "batch", "batches")
      }
    let parameters = [
      "province": placeholder(.province), "regency": placeholder(.regency),
      "year": placeholder(.year),
      "count": placeholder(.count), "requested_by": placeholder(.requestedBy),
      "dates": placeholder(.dates),
      "place": placeholder(.place),
    ]
    let title = strings.format("\(key)_title", parameters)
    let isPaged = !variant.isFirst || !variant.isLast
    let numbered = strings.format(
      "newsroom.page_title",
      ["title": title, "page": placeholder(.page), "pages": placeholder(.pages)])
    var head = PageContext(
      title: isPaged ? numbered : title, description: strings.format("\(key)_lead", parameters),
      path: placeholder(.path), url: pages.configuration.url + placeholder(.path), isIndexed: true)
    head.name = name
    head.addresses = zip(SiteLanguages.whole, [ListSlot.path0, .path1]).map {
      (language: $0, path: placeholder($1))
    }
    var context = pages.renderer.context(language: strings.language, page: head)
    var list: TemplateContext = [
      "title": title, "province": placeholder(.province),
      "provincePath": placeholder(.provincePath),
      "regency": placeholder(.regency), "year": placeholder(.year),
      "yearPath": placeholder(.yearPath),
      "count": placeholder(.count), "rows": placeholder(.rows), "schemes": placeholder(.schemes),
      "finder": placeholder(.link), "code": placeholder(.code),
      "requestedBy": placeholder(.requestedBy),
      "kind": placeholder(.kind), "place": placeholder(.place), "dates": placeholder(.dates),
      "isoFrom": placeholder(.isoFrom), "number": placeholder(.number),
    ]
    if isPaged {
      var pager: TemplateContext = ["links": placeholder(.pageLinks)]
      if !variant.isFirst { pager["earlier"] = placeholder(.earlier) }
      if !variant.isLast { pager["later"] = placeholder(.later) }
      list["pager"] = pager
    }
    if case .batch(let hasCertificates, let hasNames, let hasMore) = variant.kind {
      list["hasCertificates"] = hasCertificates
      list["hasNames"] = hasNames
      list["hasMore"] = hasMore
    }
    context["list"] = list
    return pages.renderer.render(context, template: template)
  }
}
