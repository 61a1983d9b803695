import Input
import Project
import Registry
import Theme

/// Pages of batches: who asked for an assessment, where and when, and how many were certified.
extension ListPages {
  func batchPage(_ position: Int, _ language: String) -> [UInt8] {
    guard let words = words[language] else { return [] }
    let batch = registry.batches[position]
    let listed = entries.entries(ofBatch: position)
    let count = batches.count(position)
    var values = ListTemplate.Values()
    set(&values, batch, words)
    set(&values, folder: "batches/\(batches.slugs[position])/", page: 1, of: 1, language)
    values.set(.code, batch.code)
    values.set(.regency, batch.regency)
    values.set(.province, batch.province)
    values.set(.place, batch.place)
    values.set(.count, words.strings.certified(count))
    values.set(.number, words.strings.format(BatchList.mostNames))
    values.set(.year, String(batch.from.year))
    values.set(.yearPath, configuration.address("batches/years/\(batch.from.year)/", in: language))
    values.set(html: .schemes, schemes(position, words, language))
    values.set(html: .rows, rows(listed.prefix(BatchList.mostNames), words))
    let variant = ListVariant(
      .batch(
        hasCertificates: count > 0, hasNames: !listed.isEmpty,
        hasMore: listed.count > BatchList.mostNames))
    return words.template(variant).filled(values)
  }

  /// The schemes of a batch, without numbers: of ten people, those would speak of single ones.
  private func schemes(_ position: Int, _ words: ListWords, _ language: String) -> [UInt8] {
    var rows: [UInt8] = []
    for (scheme, count) in batches.certified[position].enumerated() where count > 0 {
      var row = ListTemplate.Values()
      row.set(.scheme, words.schemes[scheme])
      row.set(
        .link, configuration.address("schemes/\(registry.schemes[scheme].slug)/", in: language))
      words.schemeAlone.append(row, to: &rows)
    }
    return rows
  }

  /// What a batch says of itself.
  private func set(_ values: inout ListTemplate.Values, _ batch: Batch, _ words: ListWords) {
    values.set(.requestedBy, batch.requestedBy)
    values.set(.kind, words.strings.format("batches.\(batch.kind.rawValue)", [:]))
    values.set(.dates, words.strings.span(of: batch))
    values.set(.isoFrom, batch.from.isoBytes)
  }

  /// The batches of a year, the latest first.
  func yearPage(_ year: Int, _ page: Int, _ language: String) -> [UInt8] {
    guard let words = words[language] else { return [] }
    let all = batches.batches(of: year)
    let pages = batches.pages(of: year)
    var values = ListTemplate.Values()
    values.set(.year, String(year))
    values.set(.count, words.strings.format(all.count))
    set(&values, folder: "batches/years/\(year)/", page: page, of: pages, language)
    var rows: [UInt8] = []
    let start = (page - 1) * BatchList.batchesPerPage
    for position in all.dropFirst(start).prefix(BatchList.batchesPerPage) {
      let batch = registry.batches[position]
      var row = ListTemplate.Values()
      set(&row, batch, words)
      row.set(.link, configuration.address("batches/\(batches.slugs[position])/", in: language))
      row.set(.place, "\(batch.regency), \(batch.province)")
      row.set(.count, words.strings.certified(batches.count(position)))
      words.batch.append(row, to: &rows)
    }
    values.set(html: .rows, rows)
    return words.template(ListVariant(.year, page: page, of: pages)).filled(values)
  }
}

extension SiteStrings {
  /// How many certificates a batch has; of a few, only that they are few.
  fileprivate func certified(_ count: Int) -> String {
    (1..<BatchList.fewest).contains(count)
      ? format("batches.few", ["limit": format(BatchList.fewest)]) : format(count)
  }

  /// The days of a batch in words.
  func span(of batch: Batch) -> String {
    if batch.from == batch.to { return format(batch.from) }
    if batch.from.year == batch.to.year, batch.from.month == batch.to.month {
      return format(
        "batches.span_days", ["day": String(batch.from.day), "to": format(batch.to)])
    }
    return format("batches.span", ["from": format(batch.from), "to": format(batch.to)])
  }
}
