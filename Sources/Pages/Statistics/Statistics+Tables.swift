import Input
import Layout
import Project
import Registry
import Theme

extension Statistics {
  /// A table by its name; pages and files show the same one.
  func table(_ name: StatisticsTable) -> FigureTable {
    switch name {
    case .years:
      table(name, ["year", "certificates"], years.map { [.year($0.year), .count($0.count)] })
    case .capacity: capacityTable
    case .provinces: provinceTable
    case .regencies: regencyTable
    case .schemes:
      FigureTable(
        name: name,
        columns: [
          .init(key: "scheme", isShown: false), .init(key: "title"), .init(key: "certificates"),
          .init(key: "valid"),
        ],
        rows: schemes.map {
          [
            .text($0.scheme.code), .term($0.title["en"], $0.title), .count($0.count),
            .count($0.valid),
          ]
        })
    case .statuses:
      dated(
        name, ["status", "certificates"],
        zip(SiteStrings.verdicts, statusCounts).map {
          [.word($0, key: "status.\($0)"), .count($1)]
        })
    case .routes:
      table(
        name, ["route", "certificates"],
        [("agency", routes.agency), ("group", routes.group), ("individual", routes.individual)]
          .map { [.word($0, key: "statistics.\($0)"), .count($1)] })
    case .renewals:
      table(
        name, ["month", "certificates"], renewals.map { [.month($0.month), .count($0.count)] })
    case .exports: exportTable
    }
  }

  private func table(
    _ name: StatisticsTable, _ columns: [String], _ rows: [[FigureTable.Value]]
  ) -> FigureTable {
    FigureTable(name: name, columns: columns.map { .init(key: $0) }, rows: rows)
  }

  private var asOf: FigureTable.Value { .text(day.description) }

  /// A table that changes with the day alone, so that its rows name the day; pages do so above.
  private func dated(
    _ name: StatisticsTable, _ columns: [String], _ rows: [[FigureTable.Value]]
  ) -> FigureTable {
    FigureTable(
      name: name, columns: [.init(key: "as_of", isShown: false)] + columns.map { .init(key: $0) },
      rows: rows.map { [asOf] + $0 })
  }

  private var capacityTable: FigureTable {
    dated(
      .capacity, ["year", "certificates", "capacity"],
      capacity.map { [[.year(day.year), .count(thisYear), .count($0.value)]] } ?? [])
  }

  private var provinceTable: FigureTable {
    var rows: [[FigureTable.Value]] = provinces.map { province, count in
      [
        .text("province"), .text(province.code), .term(province.name, province.names),
        .count(count),
      ]
    }
    rows += otherProvinces.shown.map { name, count in
      [.text("other"), .text(""), .text(name.text), .count(count)]
    }
    if let others = otherProvinces.others {
      rows.append([
        .text("others"), .text(""), .word("", key: "statistics.other_names"), .count(others),
      ])
    }
    if withoutProvince > 0 {
      rows.append([
        .text("unstated"), .text(""), .word("", key: "statistics.unstated_province"),
        .count(withoutProvince),
      ])
    }
    return FigureTable(
      name: .provinces,
      columns: [
        .init(key: "kind", isShown: false), .init(key: "code"), .init(key: "province"),
        .init(key: "certificates"),
      ], rows: rows)
  }

  private var regencyTable: FigureTable {
    let rows = regencies.flatMap { province, counts -> [[FigureTable.Value]] in
      let name = FigureTable.Value.term(province.name, province.names)
      // Without a regency that can be shown, there is nothing beside the province itself.
      guard counts.shown.contains(where: { $0.key != nil }) else { return [] }
      let named = counts.shown.compactMap { group in group.key.map { ($0, group.count) } }
        .sorted { (-$0.1, $0.0.text) < (-$1.1, $1.0.text) }
      var rows: [[FigureTable.Value]] = named.map { regency, count in
        [.text("regency"), name, .text(regency.text), .count(count)]
      }
      if let others = counts.others {
        rows.append([
          .text("others"), name, .word("", key: "statistics.other_regencies"), .count(others),
        ])
      }
      if let unstated = counts.shown.first(where: { $0.key == nil }) {
        rows.append([
          .text("unstated"), name, .word("", key: "statistics.unstated_regency"),
          .count(unstated.count),
        ])
      }
      return rows
    }
    return FigureTable(
      name: .regencies,
      columns: [
        .init(key: "kind", isShown: false), .init(key: "province"), .init(key: "regency"),
        .init(key: "certificates"),
      ], rows: rows)
  }

  /// A rupiah for each figure in dollars; nil without a rate.
  func rupiah(_ export: TradeExport) -> Int? {
    exchangeRate.map { export.thousandDollars * 1000 * $0.value }
  }

  private var exportTable: FigureTable {
    var columns = ["year", "kind", "value_usd"]
    if exchangeRate != nil { columns.append("value_idr") }
    return FigureTable(
      name: .exports,
      // Pages name the sources below the picture.
      columns: columns.map { .init(key: $0) } + [.init(key: "source", isShown: false)],
      rows: exports.map { export in
        var row: [FigureTable.Value] = [
          export.year.map { .year($0) } ?? .word("", key: "statistics.any_year"),
          .word(export.kind.rawValue, key: "statistics.\(export.kind.rawValue)"),
          .dollars(thousands: export.thousandDollars),
        ]
        if let rupiah = rupiah(export) { row.append(.rupiah(rupiah)) }
        return row + [.text(export.source)]
      })
  }
}

extension Province {
  var names: LocalizedText { LocalizedText(["en": englishName, "id": name]) }
}
