import Content
import Input
import Layout
package import Project
import Proof
import Registry
import Theme

/// Renders the pages that are not certificates'.
package struct SitePages: Sendable {
  let site: Site
  package let renderer: PageRenderer
  let links: LinkCheck
  /// What the page of figures shows; nil without the page.
  let statistics: Statistics?

  package init(site: Site, renderer: PageRenderer) {
    self.site = site
    self.renderer = renderer
    links = LinkCheck(outline: site.project.outline, certificates: site.certificates)
    let project = site.project
    statistics = project.outline.hasStatistics ? Statistics(project) : nil
  }

  var project: Project { site.project }
  var configuration: SiteConfiguration { site.project.configuration }

  package func render(_ planned: PlannedPage) -> [UInt8] {
    switch planned.kind {
    case .standing(let index): standing(project.content.pages[index], planned)
    case .scheme(let index): scheme(project.registry.schemes[index], planned)
    case .announcement(let index): announcement(index, planned)
    case .newsList(let list, let page): newsList(list, page: page, planned)
    case .tags: tagIndex(planned)
    case .search: search(planned)
    case .redirect(let address, _): redirect(to: address, planned)
    case .notFound: notFound(planned)
    }
  }

  // MARK: Kinds of page

  private func standing(_ page: Page, _ planned: PlannedPage) -> [UInt8] {
    let own = "page-\(page.name)"
    var head = head(
      planned, title: page.title,
      description: page.description ?? configuration.description[page.language])
    head.name = page.name
    head.isRightToLeft = page.isRightToLeft
    head.body = html(page.text, at: page.path, headingLinks: !Self.plain.contains(page.name))
    switch page.name {
    case "home": head.jsonLD = JSONLD.webSite(configuration, language: page.language)
    case "about":
      head.jsonLD = JSONLD.organization(
        configuration, name: renderer.issuer.name, language: page.language)
    case StandingPage.statistics: head.jsonLD = dataset(head, language: page.language)
    default: break
    }
    var context = renderer.context(language: page.language, page: head)
    switch page.name {
    case "home":
      context["figures"] = figures(page.language)
      context["directory"] = directory(page.language)
      context["latest"] = newsroom.positions(in: .all, language: page.language).prefix(3).map {
        card(project.content.announcements[$0], in: page.language)
      }
      context["schemes"] = schemes(page.language)
    case "schemes": context["schemes"] = schemes(page.language)
    case "directory": context["directory"] = directory(page.language)
    case "batches": context["batches"] = batches(page.language)
    case "about": context["issuerEditions"] = issuerEditions(page.language)
    case "news": context["list"] = listContext(.all, page: 1, language: page.language)
    case "trust": context["trust"] = trust(page.language)
    case StandingPage.statistics: context["statistics"] = statistics(page.language)
    case "request": context["request"] = request(page.language)
    default: break
    }
    let template = project.theme.templateNames.contains(own) ? own : "page"
    return bytes(context, template)
  }

  private func scheme(_ scheme: Scheme, _ planned: PlannedPage) -> [UInt8] {
    let edition = project.registry.latestEdition(of: scheme)
    let language = planned.language
    var head = head(
      planned, title: edition.value.title[language], description: edition.value.summary[language])
    head.name = "schemes"
    head.jsonLD = JSONLD.credential(
      title: edition.value.title[language], description: edition.value.summary[language],
      url: configuration.url + planned.address, recognizedBy: renderer.issuer.name,
      language: language)
    var context = renderer.context(language: language, page: head)
    let other = otherLanguage(than: language)
    var details = card(scheme, language)
    if !edition.value.standard.isEmpty { details["standard"] = edition.value.standard }
    details["holders"] = holders(of: scheme, language)
    details["from"] = renderer.strings(language)?.format(edition.from)
    details["units"] = edition.value.units.map { unit in
      [
        "code": unit.code, "anchor": Badge.anchor(ofUnit: unit.code),
        "title": unit.title[language], "titleOther": unit.title[other],
        "specimen": unit.isSpecimen,
      ] as TemplateContext
    }
    context["scheme"] = details
    return bytes(context, "scheme")
  }

  private func announcement(_ index: Int, _ planned: PlannedPage) -> [UInt8] {
    let announcement = project.content.announcements[index]
    let language = announcement.language
    let changed = announcement.updated ?? announcement.date
    var head = head(planned, title: announcement.title, description: announcement.summary)
    head.name = "news"
    head.type = "article"
    head.body = html(announcement.text, at: announcement.path, headingLinks: true)
    head.picture = sharedPicture(index)
    head.jsonLD = JSONLD.article(
      title: announcement.title, description: announcement.summary, image: head.picture?.url,
      url: configuration.url + planned.address, published: announcement.date.description,
      updated: changed.description, publisher: renderer.issuer.name, language: language)
    var context = renderer.context(language: language, page: head)
    var details = card(announcement, in: language)
    details["rtl"] = announcement.isRightToLeft
    if let updated = announcement.updated {
      details["updated"] = renderer.strings(language)?.format(updated)
      details["isoUpdated"] = updated.description
    }
    let all = project.content.announcements
    let sameLanguage = newsroom.own(in: language)
    if let position = sameLanguage.firstIndex(of: index) {
      // The list is newest first, so the one before in time comes after in the list.
      if position + 1 < sameLanguage.count {
        details["previous"] = card(all[sameLanguage[position + 1]], in: language)
      }
      if position > 0 { details["next"] = card(all[sameLanguage[position - 1]], in: language) }
    }
    details.add(newsDetails(index, in: language))
    context["announcement"] = details
    context["list"] = ["feeds": feedLinks(language)] as TemplateContext
    return bytes(context, "announcement")
  }

  private func notFound(_ planned: PlannedPage) -> [UInt8] {
    let strings = renderer.strings(planned.language)
    let head = PageContext(
      title: strings?.format("missing.heading", [:]) ?? "",
      description: strings?.format("missing.lead", [:]) ?? "", path: planned.address, url: nil,
      isIndexed: false)
    return bytes(renderer.context(language: planned.language, page: head), "404")
  }

  // MARK: Parts

  func head(
    _ planned: PlannedPage, title: String, description: String
  ) -> PageContext {
    var head = PageContext(
      title: title, description: description, path: planned.address,
      url: configuration.url + planned.address, isIndexed: true)
    head.addresses = planned.translations
    return head
  }

  func bytes(_ context: TemplateContext, _ template: String) -> [UInt8] {
    Array(renderer.render(context, template: template).utf8)
  }

  private func html(_ text: Markdown, at path: String, headingLinks: Bool) -> String {
    text.html(headingLinks: headingLinks) { links.resolve($0, in: path) }
  }

  /// Pages whose text is not an article to be quoted from.
  private static let plain: Set<String> = [
    "home", "verify", "schemes", "news", "directory", "batches", "statistics", "request",
  ]

  private func otherLanguage(than language: String) -> String {
    SiteLanguages.whole.first { $0 != language } ?? language
  }

  private func figures(_ language: String) -> TemplateContext {
    let figures = project.registry.figures
    guard let strings = renderer.strings(language) else { return [:] }
    var context: TemplateContext = [
      "certificates": strings.format(project.registry.count),
      "schemes": strings.format(project.registry.schemes.count),
      "batches": strings.format(project.registry.batches.count),
      "provinces": strings.format(Set(figures.census.provinceNames.compactMap { $0 }).count),
    ]
    context["through"] = figures.latestIssue.map { strings.format($0) }
    if statistics != nil {
      context["path"] = configuration.address(
        "\(StandingPage.statistics)/", in: configuration.wholeLanguage(for: language))
    }
    return context
  }

  private func schemes(_ language: String) -> [TemplateContext] {
    project.registry.schemes.map { card($0, language) }
  }

  private func card(_ scheme: Scheme, _ language: String) -> TemplateContext {
    let edition = project.registry.latestEdition(of: scheme).value
    let other = otherLanguage(than: language)
    let position = project.registry.schemes.firstIndex { $0.code == scheme.code }
    let count = position.map { project.registry.figures.certificatesByScheme[$0] } ?? 0
    var card: TemplateContext = [
      "code": scheme.code, "slug": scheme.slug,
      "path": configuration.address(
        "schemes/\(scheme.slug)/", in: configuration.wholeLanguage(for: language)),
      "title": edition.title[language], "titleOther": edition.title[other], "otherLang": other,
      "years": String(edition.years),
      "certificates": renderer.strings(language)?.format(count) ?? "",
    ]
    // What nobody stated is left out.
    if let level = edition.level { card["level"] = String(level) }
    if !edition.units.isEmpty { card["unitCount"] = String(edition.units.count) }
    if !edition.summary[language].isEmpty { card["summary"] = edition.summary[language] }
    return card
  }

  private func issuerEditions(_ language: String) -> [TemplateContext] {
    let editions = project.registry.issuer.all
    return editions.indices.reversed().map { index in
      var context: TemplateContext = [
        "name": editions[index].value.name, "licence": editions[index].value.licence,
      ]
      context["from"] = renderer.strings(language)?.format(editions[index].from)
      if index + 1 < editions.count {
        context["until"] = renderer.strings(language)?.format(editions[index + 1].from)
      }
      return context
    }
  }

  /// The keys and the log as the page about trust shows them.
  private func trust(_ language: String) -> TemplateContext {
    let addresses = project.credentialAddresses
    let strings = renderer.strings(language)
    let issuer = project.keys.issuer
    func describe(_ key: PublicKey) -> TemplateContext {
      ["multikey": key.multikey, "hex": key.hex, "pem": key.pem]
    }
    func verifierKey(_ key: PublicKey) -> String? {
      do {
        return try NoteVerifier(name: project.logOrigin, key: key).description
      } catch {
        // The origin is a host and a path, which can always be a key's name.
        return nil
      }
    }
    let keys = issuer.history.entries.reversed().map { entry -> TemplateContext in
      var context = describe(entry.key)
      context["from"] = strings?.format(entry.from)
      context["until"] = entry.until.flatMap { strings?.format($0) }
      if issuer.log == nil { context["verifierKey"] = verifierKey(entry.key) }
      return context
    }
    var logKey = issuer.log.map(describe)
    logKey?["verifierKey"] = issuer.log.flatMap(verifierKey)
    var context: TemplateContext = [
      "issuer": addresses.issuer, "origin": project.logOrigin,
      "size": strings?.format(site.ledger.size) ?? "",
      "checkpoint": site.ledger.checkpoint.text, "keys": keys,
      "key": issuer.history.current?.key.multikey ?? "",
    ]
    context["logKey"] = logKey
    if let policy = project.witnesses {
      context["policy"] =
        [
          "quorum": policy.rule,
          "witnesses": policy.witnesses.map {
            ["name": $0.name, "verifierKey": $0.verifier.description] as TemplateContext
          },
        ] as TemplateContext
    }
    return context
  }

  func card(_ announcement: Announcement, in language: String) -> TemplateContext {
    var context: TemplateContext = [
      "title": announcement.title, "lang": announcement.language,
      "path": configuration.address("news/\(announcement.slug)/", in: announcement.language),
      "isoDate": announcement.date.description, "summary": announcement.summary,
      "foreign": announcement.language != language, "pinned": announcement.isPinned,
      "rtl": TextDirection.isRightToLeft(announcement.title + announcement.summary),
      "languageName": renderer.strings(announcement.language)?.name ?? announcement.language,
      "dir": renderer.direction(of: announcement.language),
    ]
    context["date"] = renderer.strings(language)?.format(announcement.date)
    return context
  }
}
