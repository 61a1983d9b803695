package import Input
package import Proof

/// What a status list says of one certificate.
package enum ListAnswer {
  /// A list of the site, with the days that it claims to be good for.
  case bit(Bool, from: CalendarDate?, until: CalendarDate?)
  /// Its signature or its form is wrong.
  case wrong(String)
  case notRun(Verification.Cause, String)
}

extension ListAnswer {
  /// How long a list may be relied on, in days.
  private static let longest = IssuerDocuments.statusListDays

  /// Why a list with these days does not count today; nil for one that does.
  static func objection(
    from: CalendarDate?, until: CalendarDate?, today: CalendarDate
  ) -> (cause: Verification.Cause, reason: String)? {
    // One day may be the time zone.
    if let from, from > today.adding(days: 1) {
      return (
        .clock, "it is of a day to come, \(from), by this machine's clock, which says \(today)"
      )
    }
    guard let from, let until, from <= until else {
      return (.outdated, "it does not say from when to when it is good")
    }
    if until > from.adding(days: longest) {
      return (.outdated, "it claims to be good for more than \(longest) days, until \(until)")
    }
    return until < today ? (.outdated, "it is out of date: it was good until \(until)") : nil
  }
}

/// The rules by which statuses and dates end. The browser's twin is `certificate.js/verdict.js`, with
/// `statusEnding` and `datesEnding`, and `Tests/Fixtures/verdicts.json` holds both to them.
extension Verification {
  /// Takes the status step.
  ///
  /// - Parameter stated: the word that the certificate's page states; nil where there is no page.
  package mutating func checkStatus(
    stated: String?, lists: (StatusList.Purpose) async -> ListAnswer, today: CalendarDate
  ) async {
    var counted: [StatusList.Purpose: Bool] = [:]
    for purpose in StatusList.Purpose.allCases {
      let name = "\(purpose.rawValue) list"
      switch await lists(purpose) {
      case .wrong(let reason): fail("status", reason)
      case .notRun(let cause, let reason): skip("status", reason, cause)
      case .bit(let isSet, let from, let until):
        if let (cause, reason) = ListAnswer.objection(from: from, until: until, today: today) {
          skip("status", "the \(name) does not count: \(reason)", cause)
        } else {
          counted[purpose] = isSet
          if isSet {
            state("status", purpose.verdict, "the signed \(name) names it")
          } else {
            pass("status", "no \(purpose.rawValue) in the signed list")
          }
        }
      }
    }
    switch stated {
    case "valid": break
    case "superseded": state("status", .superseded, "the page names a successor")
    case "revoked": compare(.revocation, with: counted[.revocation])
    // Who was suspended and is revoked by now is revoked.
    case "suspended":
      compare(.suspension, with: counted[.revocation] == true ? nil : counted[.suspension])
    case let word?: fail("status", "the page states no status that there is: \(word)")
    case nil: skip("status", "the certificate's page is missing or states no status", .missing)
    }
  }

  /// Holds what the page states against the list of that purpose; nil for one that does not count.
  private mutating func compare(_ stated: StatusList.Purpose, with counted: Bool?) {
    switch counted {
    case true?: break
    case false?: fail("status", "the page says another status than the signed lists")
    case nil: state("status", stated.verdict, "the certificate's page says so")
    }
  }

  /// Takes the dates step.
  ///
  /// - Parameters:
  ///   - issued: nil where only the page is at hand.
  ///   - expires: nil where nothing states a day.
  package mutating func checkDates(
    issued: CalendarDate?, expires: CalendarDate?, today: CalendarDate
  ) {
    guard let expires else {
      skip("dates", "nothing states a day on which it expires", .unforeseen)
      return
    }
    if let issued, today < issued {
      skip(
        "dates", "it was issued on \(issued), and this machine's clock says \(today)", .clock)
    } else if expires < today {
      state("dates", .expired, "it expired on \(expires)")
    } else {
      pass("dates", "it is valid until \(expires), and today is \(today)")
    }
  }
}

extension StatusList.Purpose {
  fileprivate var verdict: Verification.Verdict {
    switch self {
    case .revocation: .revoked
    case .suspension: .suspended
    }
  }
}
