import Layout
import Project
import Registry
import Theme

/// Pages of the directory of artisans, for readers without script and for search engines.
extension ListPages {
  /// The regencies of a province.
  func provincePage(_ position: Int, _ language: String) -> [UInt8] {
    guard let strings = words[language]?.strings else { return [] }
    let province = layout.provinces[position]
    let name = province.name ?? strings.format("directory.not_stated", [:])
    let path = "directory/\(province.slug)/"
    let parameters = ["province": name, "count": strings.format(province.count)]
    var head = PageContext(
      title: strings.format("directory.province_title", parameters),
      description: strings.format("directory.province_lead", parameters),
      path: configuration.address(path, in: language),
      url: configuration.url + configuration.address(path, in: language), isIndexed: true)
    head.name = "directory"
    head.addresses = SiteLanguages.whole.map { ($0, configuration.address(path, in: $0)) }
    var context = pages.renderer.context(language: language, page: head)
    context["list"] =
      [
        "province": name, "finder": finder(language, [("province", province.slug)]),
        "places": layout.places[province.places].map { place in
          [
            "name": place.name ?? strings.format("directory.not_stated", [:]),
            "path": configuration.address(
              "directory/\(province.slug)/\(place.slug)/", in: language),
            "count": strings.format(place.count),
            "schemes": zip(registry.schemes.indices, place.bySchemes).filter { $0.1 > 0 }.map {
              [
                "scheme": words[language]?.schemes[$0.0] ?? "", "count": strings.format($0.1),
              ] as TemplateContext
            },
          ] as TemplateContext
        },
      ] as TemplateContext
    return pages.bytes(context, "directory-province")
  }

  /// A page with the names of a place.
  func placePage(_ position: Int, _ page: Int, _ language: String) -> [UInt8] {
    guard let words = words[language] else { return [] }
    let place = layout.places[position]
    let province = layout.provinces[place.province]
    let unstated = words.strings.format("directory.not_stated", [:])
    var values = ListTemplate.Values()
    values.set(.province, province.name ?? unstated)
    values.set(
      .provincePath, configuration.address("directory/\(province.slug)/", in: language))
    values.set(.regency, place.name ?? unstated)
    values.set(.count, words.strings.format(place.count))
    set(&values, folder: layout.folder(of: position), page: page, of: place.pages, language)
    let chosen = [("province", province.slug), ("regency", place.slug)]
    values.set(.link, finder(language, chosen))
    let start = (page - 1) * DirectoryLayout.namesPerPage
    let listed = entries.byPlace[position].dropFirst(start).prefix(DirectoryLayout.namesPerPage)
    values.set(html: .rows, rows(listed, words) { $0.group.map { place.groups[$0].name } })
    var schemes: [UInt8] = []
    for (scheme, count) in place.bySchemes.enumerated() where count > 0 {
      var row = ListTemplate.Values()
      row.set(.scheme, words.schemes[scheme])
      row.set(.count, words.strings.format(count))
      row.set(.link, finder(language, chosen + [("scheme", registry.schemes[scheme].slug)]))
      words.schemeCount.append(row, to: &schemes)
    }
    values.set(html: .schemes, schemes)
    return words.template(ListVariant(.place, page: page, of: place.pages)).filled(values)
  }

  /// The address of the directory with something chosen, behind a `#`: it never reaches a host.
  private func finder(_ language: String, _ chosen: [(String, String)]) -> String {
    configuration.address("directory/", in: language) + "#"
      + chosen.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }
}
