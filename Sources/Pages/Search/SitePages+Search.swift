import Content
import Project
import Theme

/// The page that finds announcements and pages by their words.
extension SitePages {
  func search(_ planned: PlannedPage) -> [UInt8] {
    let language = planned.language
    let strings = renderer.strings(language)
    let head = head(
      planned, title: strings?.format("search.title", [:]) ?? "",
      description: strings?.format("search.lead", [:]) ?? "")
    var context = renderer.context(language: language, page: head)
    context["list"] = ["feeds": feedLinks(language)] as TemplateContext
    var details: TemplateContext = [
      // What works without the script: every standing page, and the lists of announcements.
      "pages": project.content.pages.filter { $0.language == language }.map { page in
        [
          "title": page.title, "path": configuration.address(page.addressPath, in: language),
        ] as TemplateContext
      }
    ]
    details["index"] = site.search[language]?.root.address
    let years = newsroom.hasLists(in: language) ? newsroom.years(in: language) : []
    if !years.isEmpty {
      details["finder"] =
        [
          "years": years.map { year in
            [
              "label": String(year),
              "path": configuration.address(Newsroom.path(of: .year(year), page: 1), in: language),
            ] as TemplateContext
          },
          "tags": newsroom.tags(in: language).map { tagContext($0, nil, language) },
        ] as TemplateContext
    }
    context["search"] = details
    return bytes(context, "search")
  }
}
