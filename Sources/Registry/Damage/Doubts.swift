import Diagnostics
import Input

/// Something about a row that keeps a new certificate from being sealed, or should be looked at before it is.
///
/// Of a certificate that is sealed already, nothing can be taken back: its row stays as it is, and nothing is
/// said of it.
struct Doubt {
  let ordinal: Int
  let problem: RowProblem
}

/// Finds doubts that rise between rows: one number in two spellings, one person certified twice, identity
/// numbers among other numbers.
struct SimilarRows {
  /// What is compared of a row.
  struct Row {
    let number: ArraySlice<UInt8>
    let holder: ArraySlice<UInt8>
    let regency: ArraySlice<UInt8>
    let scheme: Int
    let issued: CalendarDate
    let revision: Int
    let isValid: Bool
  }

  private var spellings = OrdinalIndex()
  private var issues = OrdinalIndex()
  /// Rows whose number or registration looks like an identity or telephone number.
  private var identities: [(ordinal: Int, column: Column)] = []
  /// Numbers of more than fifteen digits alone, and those of them that end in zeros behind the fifteenth.
  private var long = 0
  private var rounded: [Int] = []

  /// Enters a row.
  ///
  /// - Parameters:
  ///   - isFirst: whether no earlier row has its number in this spelling.
  ///   - row: an earlier row by its ordinal.
  ///   - place: how an earlier row is called.
  mutating func enter(
    _ own: Row, at ordinal: Int, registration: ArraySlice<UInt8>, isFirst: Bool,
    row: (Int) -> Row, place: (Int) -> String, doubts: inout [Doubt]
  ) {
    func doubt(_ problem: RowProblem) { doubts.append(Doubt(ordinal: ordinal, problem: problem)) }
    // A number that lost its digits looks like one too.
    if PersonalData.isIdentity(own.number), !own.number.suffix(3).allSatisfy({ $0 == 48 }) {
      identities.append((ordinal, .number))
    }
    if PersonalData.isIdentity(registration) { identities.append((ordinal, .registration)) }
    noteRounding(of: own.number, at: ordinal)
    if isFirst, let problem = otherSpelling(of: own, at: ordinal, row: row, place: place) {
      doubt(problem)
    }
    guard own.isValid, !own.holder.isEmpty else { return }
    let earlier = issues.enter(ordinal, hash: Self.hash(own)) { Self.isSameIssue(row($0), own) }
    guard let earlier, !row(earlier).number.elementsEqual(own.number) else { return }
    doubt(
      RowProblem(
        column: .holder, id: "issued-twice", severity: .warning,
        message:
          "This holder has a certificate of this scheme and day already, in \(place(earlier))",
        hint:
          "take one of the rows out if it is one certificate; two people with one name are told apart by"
          + " their regencies"))
  }

  private mutating func otherSpelling(
    of own: Row, at ordinal: Int, row: (Int) -> Row, place: (Int) -> String
  ) -> RowProblem? {
    let spelling = NumberSpelling(own.number)
    let hash = spelling.hash
    func written(_ ordinal: Int) -> String {
      String(decoding: row(ordinal).number, as: UTF8.self)
    }
    let apart = spellings.first(hash: hash) {
      NumberSpelling(row($0).number).likeness(to: spelling) == .partedElsewhere
    }
    let same = spellings.enter(ordinal, hash: hash) {
      NumberSpelling(row($0).number).likeness(to: spelling) == .same
    }
    if let same {
      return RowProblem(
        column: .number, id: "duplicate-certificate-number",
        message:
          "This number stands in \(place(same)) already, in another spelling: `\(written(same))`",
        hint: "write a number in one way; if they are two certificates, correct one of the numbers")
    }
    return apart.map { apart in
      RowProblem(
        column: .number, id: "similar-number", severity: .warning,
        message: "The number in \(place(apart)) has the same letters and digits, parted elsewhere:"
          + " `\(written(apart))`",
        hint: "see on the certificates whether they are two numbers")
    }
  }

  private mutating func noteRounding(of number: ArraySlice<UInt8>, at ordinal: Int) {
    guard number.count > 15, number.allSatisfy({ (48...57).contains($0) }) else { return }
    long += 1
    if number.dropFirst(15).allSatisfy({ $0 == 48 }) { rounded.append(ordinal) }
  }

  /// What only all rows together show.
  func finish(count: Int) -> [Doubt] {
    var doubts: [Doubt] = []
    for column in [Column.number, .registration] {
      let own = identities.filter { $0.column == column }
      // Where most are sixteen digits, the institution numbers so.
      if own.count * 2 <= count || count == 1 && column == .registration {
        doubts += own.map {
          Doubt(ordinal: $0.ordinal, problem: RowParser.personalData(in: column))
        }
      } else if let first = own.first {
        doubts.append(
          Doubt(ordinal: first.ordinal, problem: allLookLikeIdentities(column, own.count)))
      }
    }
    // Some were entered as texts. Of whole numbers, every tenth would end so.
    let share = rounded.count == long ? 3 : 8
    if rounded.count >= share, rounded.count * 3 >= long, let first = rounded.first {
      doubts.append(
        Doubt(
          ordinal: first,
          problem: RowProblem(
            column: .number, id: TextDamage.rounded.id,
            severity: rounded.count == long ? .error : .warning,
            message:
              "\(rounded.count == long ? "All \(long)" : "\(rounded.count) of \(long)") numbers of more than"
              + " fifteen digits end in zeros: a spreadsheet keeps fifteen, and lost the rest",
            hint: TextDamage.rounded.hint)))
    }
    return doubts
  }

  private func allLookLikeIdentities(_ column: Column, _ count: Int) -> RowProblem {
    RowProblem(
      column: column, id: "personal-data-in-text", severity: .warning,
      message:
        "\(count) values of the column \(column.name) have the form of an identity or telephone number,"
        + " and are published", hint: "make sure that this is the column of the \(column.name)s")
  }

  private static func hash(_ row: Row) -> UInt64 {
    var sum = UInt64(truncatingIfNeeded: row.issued.daysSinceEpoch) &* 31 &+ UInt64(row.scheme)
    for byte in row.holder {
      sum = (sum ^ UInt64(small(byte))) &* 0x0000_0100_0000_01B3
    }
    return sum
  }

  private static func small(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }

  private static func isSameIssue(_ earlier: Row, _ later: Row) -> Bool {
    earlier.scheme == later.scheme && earlier.issued == later.issued && earlier.isValid
      && earlier.holder.elementsEqual(later.holder) { small($0) == small($1) }
      && (earlier.regency.isEmpty || later.regency.isEmpty
        || earlier.regency.elementsEqual(later.regency) { small($0) == small($1) })
  }
}
