import Input
import Project
import Proof
import Registry
import Theme

/// Makes the pages and files of `RegistryLists`.
///
/// Thousands of them differ in names and numbers alone, so their templates are rendered once for each
/// language and shape, and filled for each page.
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
    for language in site.project.configuration.languages {
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
    for (hole, language) in zip([ListHole.path0, .path1], configuration.languages) {
      values.set(hole, address(page, language))
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
struct ListShape: Hashable, Sendable {
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

  /// Every shape that occurs.
  static var all: [ListShape] {
    let paged = [Kind.place, .year].flatMap { kind in
      [(1, 1), (1, 3), (2, 3), (3, 3)].map { ListShape(kind, page: $0.0, of: $0.1) }
    }
    let batches = [
      (false, false, false), (true, false, false), (true, true, false), (true, true, true),
    ]
    return paged
      + batches.map {
        ListShape(.batch(hasCertificates: $0.0, hasNames: $0.1, hasMore: $0.2))
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
  private let shapes: [ListShape: ListTemplate]

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
    func row(_ template: String, _ holes: [String: ListHole], _ flags: TemplateContext = [:])
      -> ListTemplate
    {
      var context = words
      for (key, hole) in holes { context[key] = hole.mark }
      context.add(flags)
      return ListTemplate(renderer.render(context, template: template))
    }
    let person: [String: ListHole] = [
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
    shapes = Dictionary(
      uniqueKeysWithValues: ListShape.all.map { shape in
        (shape, ListTemplate(Self.render(shape, strings, pages)))
      })
  }

  /// The template of a page; every shape that occurs has one.
  func template(_ shape: ListShape) -> ListTemplate { shapes[shape] ?? ListTemplate("") }

  private static func render(
    _ shape: ListShape, _ strings: SiteStrings, _ pages: SitePages
  ) -> String {
    let mark = { (hole: ListHole) in hole.mark }
    let (key, template, name) =
      switch shape.kind {
      case .place: ("directory.place", "directory-place", "directory")
      case .year: ("batches.year", "batches-year", "batches")
      case .batch: ("batches.batch", "batch", "batches")
      }
    let parameters = [
      "province": mark(.province), "regency": mark(.regency), "year": mark(.year),
      "count": mark(.count), "requested_by": mark(.requestedBy), "dates": mark(.dates),
      "place": mark(.place),
    ]
    let title = strings.format("\(key)_title", parameters)
    let isPaged = !shape.isFirst || !shape.isLast
    let numbered = strings.format(
      "newsroom.page_title", ["title": title, "page": mark(.page), "pages": mark(.pages)])
    var head = PageContext(
      title: isPaged ? numbered : title, description: strings.format("\(key)_lead", parameters),
      path: mark(.path), url: pages.configuration.url + mark(.path), isIndexed: true)
    head.name = name
    head.addresses = zip(pages.configuration.languages, [ListHole.path0, .path1]).map {
      (language: $0, path: mark($1))
    }
    var context = pages.renderer.context(language: strings.language, page: head)
    var list: TemplateContext = [
      "title": title, "province": mark(.province), "provincePath": mark(.provincePath),
      "regency": mark(.regency), "year": mark(.year), "yearPath": mark(.yearPath),
      "count": mark(.count), "rows": mark(.rows), "schemes": mark(.schemes),
      "finder": mark(.link), "code": mark(.code), "requestedBy": mark(.requestedBy),
      "kind": mark(.kind), "place": mark(.place), "dates": mark(.dates),
      "isoFrom": mark(.isoFrom), "number": mark(.number),
    ]
    if isPaged {
      var pager: TemplateContext = ["links": mark(.pageLinks)]
      if !shape.isFirst { pager["earlier"] = mark(.earlier) }
      if !shape.isLast { pager["later"] = mark(.later) }
      list["pager"] = pager
    }
    if case .batch(let hasCertificates, let hasNames, let hasMore) = shape.kind {
      list["hasCertificates"] = hasCertificates
      list["hasNames"] = hasNames
      list["hasMore"] = hasMore
    }
    context["list"] = list
    return pages.renderer.render(context, template: template)
  }
}
