/// The keys that the program itself fills in, needed beside those that the templates name.
extension SiteStrings {
  package static let verdicts = ["valid", "expired", "suspended", "revoked", "superseded"]

  /// Those that pages in every language need.
  package static let keysUsedByProgramInEveryLanguage = [
    "newsroom.page_title", "newsroom.tag_title", "newsroom.year_title", "newsroom.tags_title",
    "newsroom.moved_title", "search.title", "search.lead",
  ]

  package static let keysUsedByProgram =
    [
      "certificate.page_title", "certificate.page_description", "missing.heading", "missing.lead",
      "labels.invitation",
    ] + keysUsedByProgramInEveryLanguage
    + verdicts.flatMap {
      ["verdict.\($0).title", "verdict.\($0).sentence"]
    } + keysUsedByLists

  /// The keys that the program fills in on certificates' pages, where a template has a tag of that name.
  package static let keysOfCertificates = ["certificate.by", "certificate.reinstated"]

  /// The keys that the program itself fills in on the pages of lists.
  static let keysUsedByLists =
    [
      "verdict.erased.title", "verdict.erased.sentence", "directory.place_title",
      "directory.place_lead", "directory.province_title", "directory.province_lead",
      "directory.not_stated", "batches.year_title", "batches.year_lead", "batches.batch_title",
      "batches.batch_lead", "batches.agency", "batches.group", "batches.few", "batches.span",
      "batches.span_days",
    ]

  /// Words that the page of figures asks for by itself, where there is a template for it.
  package static let keysOfStatistics =
    [
      "dollars", "about", "millions", "billions", "trillions", "years", "years_text", "capacity",
      "capacity_text", "provinces", "provinces_text", "regencies", "schemes", "schemes_text",
      "statuses", "statuses_text", "routes", "routes_text", "renewals", "renewals_text", "exports",
      "exports_actual", "exports_target", "exports_target_year", "exports_share", "exports_rate",
      "agency", "group", "individual", "actual", "target", "any_year", "other_names",
      "other_regencies", "unstated_province", "unstated_regency",
    ].map { "statistics.\($0)" }
    + [
      "year", "certificates", "capacity", "code", "province", "regency", "title", "valid", "status",
      "route", "month", "kind", "value_usd", "value_idr",
    ].map { "statistics.column.\($0)" }
    + verdicts.map { "status.\($0)" }
}
