import Theme

/// Numbers of pages with figures, in the words of a language.
extension SiteStrings {
  /// Where thousands are set apart by points, decimals are by a comma.
  private var decimalMark: String { groupSeparator == "." ? "," : "." }

  /// A number in thousandths, as in `17.5` or `17,5`.
  package func format(thousandths: Int) -> String {
    let whole = format(thousandths / 1000)
    var digits = String(1000 + abs(thousandths) % 1000).dropFirst()
    while digits.hasSuffix("0") { digits.removeLast() }
    return digits.isEmpty ? whole : whole + decimalMark + digits
  }

  /// A share in percent, to a tenth.
  package func format(percent part: Int, of whole: Int) -> String {
    format(thousandths: whole == 0 ? 0 : (part * 1000 + whole / 2) / whole * 100)
  }

  package func format(dollars thousands: Int) -> String {
    format("statistics.dollars", ["value": format(thousandths: thousands)])
  }

  /// In millions, thousands of millions or millions of millions, to a hundredth.
  package func format(rupiah: Int) -> String {
    let units = [
      ("trillions", 1_000_000_000_000), ("billions", 1_000_000_000), ("millions", 1_000_000),
    ]
    guard let (word, unit) = units.first(where: { rupiah >= $0.1 }) else {
      return "Rp" + format(rupiah)
    }
    let hundredths = (rupiah + unit / 200) / (unit / 100)
    return format("statistics.\(word)", ["value": format(thousandths: hundredths * 10)])
  }
}
