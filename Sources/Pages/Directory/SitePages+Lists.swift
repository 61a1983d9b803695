import Input
import Layout
import Project
import Registry
import Theme

/// The standing pages `directory` and `batches`, and what schemes say of their holders.
extension SitePages {
  /// The provinces, and what can be chosen.
  func directory(_ language: String) -> TemplateContext {
    guard let strings = renderer.strings(language) else { return [:] }
    let layout = site.lists.directory
    let counts = countsByScheme
    return [
      "index": "/\(DirectoryData.indexPath.text)", "day": strings.format(project.registry.day),
      "count": strings.format(layout.count), "hasNames": layout.count > 0,
      "provinces": layout.provinces.map { province in
        [
          "name": province.name ?? strings.format("directory.not_stated", [:]),
          "slug": province.slug, "count": strings.format(province.count),
          "path": configuration.address("directory/\(province.slug)/", in: language),
        ] as TemplateContext
      },
      "schemes": project.registry.schemes.enumerated().filter { counts[$0.offset] > 0 }.map {
        [
          "slug": $0.element.slug,
          "title": project.registry.latestEdition(of: $0.element).value.title[language],
        ] as TemplateContext
      },
    ]
  }

  /// Listed certificates in force, in the order of the registry's schemes.
  private var countsByScheme: [Int] {
    site.lists.directory.places.reduce(
      into: Array(repeating: 0, count: project.registry.schemes.count)
    ) { counts, place in
      for (scheme, count) in place.bySchemes.enumerated() { counts[scheme] += count }
    }
  }

  /// The years, and the latest batches.
  func batches(_ language: String) -> TemplateContext {
    guard let strings = renderer.strings(language) else { return [:] }
    let list = site.lists.batches
    let latest = list.years.lazy.flatMap { list.batches(of: $0) }.prefix(10)
    return [
      "years": list.years.map { year in
        let own = list.batches(of: year)
        return [
          "year": String(year), "batches": strings.format(own.count),
          "certified": strings.format(own.reduce(0) { $0 + list.count($1) }),
          "path": configuration.address("batches/years/\(year)/", in: language),
        ] as TemplateContext
      },
      "latest": latest.map { position in
        let batch = project.registry.batches[position]
        return [
          "path": configuration.address("batches/\(list.slugs[position])/", in: language),
          "requestedBy": batch.requestedBy,
          "kind": strings.format("batches.\(batch.kind.rawValue)", [:]),
          "place": "\(batch.regency), \(batch.province)", "dates": strings.span(of: batch),
          "isoFrom": batch.from.description, "certified": strings.format(list.count(position)),
        ] as TemplateContext
      },
    ]
  }

  /// How many certificates of a scheme are in force on the day of the build, and the way to those of
  /// them that are listed.
  func holders(of scheme: Scheme, _ language: String) -> TemplateContext {
    let registry = project.registry
    guard let strings = renderer.strings(language),
      let position = registry.schemes.firstIndex(where: { $0.code == scheme.code })
    else { return [:] }
    let valid = registry.figures.census.count { $0.scheme == position && $0.holds }
    let listed = countsByScheme[position]
    var context: TemplateContext = [
      "valid": strings.format(valid), "day": strings.format(registry.day),
      "isoDay": registry.day.description,
    ]
    if listed > 0 {
      context["listed"] =
        [
          "count": strings.format(listed),
          "path": configuration.address("directory/", in: language) + "#scheme=\(scheme.slug)",
        ] as TemplateContext
    }
    return context
  }
}
