import Input
package import Layout
import Project
import Registry
import Theme

/// The page of figures, and its files.
extension SitePages {
  /// What the template of the page is filled with.
  func statistics(_ language: String) -> TemplateContext {
    guard let statistics, let strings = renderer.strings(language) else { return [:] }
    let figures = StatisticsFigures(statistics: statistics, strings: strings)
    var context: TemplateContext = [
      "day": strings.format(statistics.day), "isoDay": statistics.day.description,
      "year": String(statistics.day.year), "certificates": strings.format(statistics.total),
      "valid": strings.format(statistics.valid),
      "thisYear": strings.format(
        statistics.years.first { $0.year == statistics.day.year }?.count ?? 0),
      "provinceCount": strings.format(statistics.provinces.count { $0.count > 0 }),
      "provinces": figures.provinces, "schemes": figures.schemes, "statuses": figures.statuses,
      "routes": figures.routes, "renewals": figures.renewals,
    ]
    if !statistics.years.isEmpty { context["years"] = figures.years }
    context["capacity"] = figures.capacity
    context["exports"] = figures.exports
    context["regencies"] = figures.regencies
    return context
  }

  /// The page as a data set with its files, for search engines.
  func dataset(_ head: PageContext, language: String) -> String? {
    statistics.map { statistics in
      JSONLD.dataset(
        title: head.title, description: head.description,
        url: configuration.url + head.path, day: statistics.day, publisher: renderer.issuer.name,
        language: language,
        files: project.outline.statisticsFiles.map {
          "\(configuration.url)/\($0.table.path($0.format))"
        })
    }
  }

  /// A table as a file; empty without the page.
  package func file(of table: StatisticsTable, _ format: StatisticsTable.Format) -> [UInt8] {
    statistics.map { $0.table(table).bytes(of: format, on: $0.day) } ?? []
  }
}

/// Figures in the words of one language: a title, a sentence, a picture, a table and two files each.
struct StatisticsFigures {
  let statistics: Statistics
  let strings: SiteStrings

  /// So many times at most are beside each other in a picture.
  private static let columnLimit = 12

  var years: TemplateContext {
    let years = statistics.years
    let bars = years.suffix(Self.columnLimit).map { year, count in
      // A year that is not over cannot be compared with the others.
      bar(String(year), count, year == statistics.day.year ? "part" : "")
    }
    return figure(
      .years,
      text: words(
        "years_text",
        [
          "count": strings.format(statistics.total), "first": String(years.first?.year ?? 0),
          "day": strings.format(statistics.day),
        ])
    ) { $0.columns(bars) }
  }

  var capacity: TemplateContext? {
    statistics.capacity.map { capacity in
      let share = strings.format(percent: statistics.thisYear, of: capacity.value)
      var context = figure(
        .capacity,
        text: words(
          "capacity_text",
          [
            "count": strings.format(statistics.thisYear),
            "capacity": strings.format(capacity.value), "year": String(statistics.day.year),
            "day": strings.format(statistics.day), "percent": share,
          ])
      ) {
        $0.bars(
          [
            Chart.Bar(
              label: String(statistics.day.year), value: statistics.thisYear,
              shown:
                "\(strings.format(statistics.thisYear)) / \(strings.format(capacity.value))")
          ], of: capacity.value)
      }
      context["source"] = capacity.source[strings.language]
      return context
    }
  }

  var provinces: TemplateContext {
    let count = statistics.provinces.count { $0.count > 0 }
    var context = figure(
      .provinces,
      text: words(
        "provinces_text",
        ["count": strings.format(count), "all": strings.format(statistics.provinces.count)])
    ) {
      TileMap.picture(statistics.provinces, id: $0.id, title: $0.title, strings)
    }
    context["shades"] = ([0] + TileMap.steps).enumerated().map { shade, from in
      ["shade": String(shade), "label": range(from, shade)] as TemplateContext
    }
    // The rows behind those of the provinces.
    let others = statistics.table(.provinces).rows.dropFirst(statistics.provinces.count)
    context["others"] = others.map { row in
      ["name": row[2].text(strings), "count": row[3].text(strings)] as TemplateContext
    }
    return context
  }

  /// The counts that have a shade on the map, as in `10–99`.
  private func range(_ from: Int, _ shade: Int) -> String {
    if shade == 0 { return strings.format(0) }
    guard shade < TileMap.steps.count else { return strings.format(from) + "+" }
    return strings.format(from) + "–" + strings.format(TileMap.steps[shade] - 1)
  }

  /// A table without a picture.
  var regencies: TemplateContext? {
    let table = statistics.table(.regencies)
    return table.rows.isEmpty ? nil : figure(.regencies, text: "") { _ in "" }
  }

  var schemes: TemplateContext {
    let bars = statistics.schemes.map { bar($0.title[strings.language], $0.count) }
      .enumerated().sorted { (-$0.element.value, $0.offset) < (-$1.element.value, $1.offset) }
      .map(\.element)
    return figure(.schemes, text: words("schemes_text", ["day": strings.format(statistics.day)])) {
      $0.bars(bars, of: statistics.total)
    }
  }

  var statuses: TemplateContext {
    let bars = zip(SiteStrings.verdicts, statistics.statusCounts).map { status, count in
      bar(strings.format("status.\(status)", [:]), count, status == "valid" ? "" : "quiet")
    }
    let parameters = [
      "day": strings.format(statistics.day), "valid": strings.format(statistics.valid),
      "count": strings.format(statistics.total),
    ]
    return figure(.statuses, text: words("statuses_text", parameters)) {
      $0.bars(bars, of: statistics.total)
    }
  }

  var routes: TemplateContext {
    let routes = statistics.routes
    let bars = [
      bar(words("agency", [:]), routes.agency), bar(words("group", [:]), routes.group),
      bar(words("individual", [:]), routes.individual),
    ]
    return figure(.routes, text: words("routes_text", [:])) {
      $0.bars(bars, of: statistics.total)
    }
  }

  var renewals: TemplateContext {
    let bars = statistics.renewals.map { month, count in
      bar(String(strings.months[month % 12].prefix(3)), count)
    }
    let sum = statistics.renewals.reduce(0) { $0 + $1.count }
    let last = statistics.renewals.last?.month ?? 0
    return figure(
      .renewals,
      text: words(
        "renewals_text",
        [
          "count": strings.format(sum), "day": strings.format(statistics.day),
          "month": "\(strings.months[last % 12]) \(last / 12)",
        ])
    ) { $0.columns(bars) }
  }

  var exports: TemplateContext? {
    guard !statistics.exports.isEmpty else { return nil }
    let bars = statistics.exports.map { export in
      Chart.Bar(
        label: label(export), value: export.thousandDollars,
        shown: strings.format(dollars: export.thousandDollars),
        style: export.kind == .target ? "target" : "")
    }
    var context = figure(.exports, text: exportSentences) { $0.bars(bars) }
    let sources = statistics.exports.map { export in
      export.indonesianSource.flatMap { strings.language == "id" ? $0 : nil } ?? export.source
    }
    context["sources"] = zip(statistics.exports, sources).map { export, source in
      [
        "label": label(export), "text": source,
        "foreign": strings.language != "en" && source == export.source, "lang": "en",
      ] as TemplateContext
    }
    if let rate = statistics.exchangeRate {
      context["rate"] =
        [
          "text": words("exports_rate", ["rate": "Rp" + strings.format(rate.value)]),
          "source": rate.source[strings.language],
        ] as TemplateContext
    }
    return context
  }

  private func label(_ export: TradeExport) -> String {
    let kind = words(export.kind.rawValue, [:])
    return export.year.map { "\(kind), \($0)" } ?? kind
  }

  /// The newest year against the first target.
  private var exportSentences: String {
    let actual = statistics.exports.last { $0.kind == .actual }
    let target = statistics.exports.first { $0.kind == .target }
    func parameters(_ export: TradeExport) -> [String: String] {
      var value = strings.format(dollars: export.thousandDollars)
      if let rupiah = statistics.rupiah(export) {
        value = words("about", ["dollars": value, "rupiah": strings.format(rupiah: rupiah)])
      }
      return ["value": value, "year": export.year.map { String($0) } ?? ""]
    }
    var sentences: [String] = []
    if let actual { sentences.append(words("exports_actual", parameters(actual))) }
    if let target {
      sentences.append(
        words(target.year == nil ? "exports_target" : "exports_target_year", parameters(target)))
    }
    if let actual, let target {
      let share = strings.format(percent: actual.thousandDollars, of: target.thousandDollars)
      sentences.append(
        words("exports_share", ["percent": share, "year": String(actual.year ?? 0)]))
    }
    return sentences.joined(separator: " ")
  }

  // MARK: Parts

  private func words(_ key: String, _ parameters: [String: String]) -> String {
    strings.format("statistics.\(key)", parameters)
  }

  private func bar(_ label: String, _ value: Int, _ style: String = "") -> Chart.Bar {
    Chart.Bar(label: label, value: value, shown: strings.format(value), style: style)
  }

  private func figure(
    _ name: StatisticsTable, text: String, picture: (Chart) -> String
  ) -> TemplateContext {
    let id = "figure-\(name.rawValue)"
    let title = words(name.rawValue, ["year": String(statistics.day.year)])
    return [
      "id": id, "title": title, "text": text, "chart": picture(Chart(id: id, title: title)),
      "table": statistics.table(name).context(strings), "csv": "/\(name.path(.csv))",
      "json": "/\(name.path(.json))",
    ]
  }
}
