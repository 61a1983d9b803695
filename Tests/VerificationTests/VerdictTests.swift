import Foundation
import Input
import Proof
import SystemPackage
import TestSupport
import Testing
import Verification

/// The rules of the design, held to the vectors that the browser and the tests' verifier run too.
@Suite struct VerdictTests {
  private struct Vectors: Decodable {
    let vectors: [Vector]
  }

  struct Vector: Decodable, Sendable, CustomTestStringConvertible {
    struct Page: Decodable, Sendable {
      let status: String
    }

    enum List: Decodable, Sendable {
      case days(from: String?, until: String?, isSet: Bool)
      case word(String)

      private struct Days: Decodable {
        let validFrom: String?
        let validUntil: String?
        let isSet: Bool
      }

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let word = try? container.decode(String.self) {
          self = .word(word)
        } else {
          let days = try container.decode(Days.self)
          self = .days(from: days.validFrom, until: days.validUntil, isSet: days.isSet)
        }
      }
    }

    let name: String
    let address: String
    let page: Page
    let issued: String
    let expires: String
    let today: String
    let steps: [String: String]
    let lists: [String: List]
    let verdict: String
    let isWhole: Bool
    let cause: String?
    let endings: [String: String]

    var testDescription: String { name }
  }

  static let vectors: [Vector] = {
    do {
      let file = Repository.root.appending("Tests/Fixtures/verdicts.json")
      let data = try Data(contentsOf: URL(filePath: file.string))
      return try JSONDecoder().decode(Vectors.self, from: data).vectors
    } catch {
      return []
    }
  }()

  @Test func thereAreVectorsEnough() {
    #expect(Self.vectors.count >= 60)
  }

  @Test(arguments: vectors)
  func followsTheVector(_ vector: Vector) async throws {
    let today = try #require(CalendarDate(iso: vector.today))
    var run = Verification()
    for step in ["fields", "signature", "log"] {
      switch try #require(vector.steps[step]) {
      case "passed": run.pass(step, "")
      case "failed": run.fail(step, "")
      case let word: run.skip(step, "", try #require(Verification.Cause(rawValue: word)))
      }
    }
    var answers: [StatusList.Purpose: ListAnswer] = [:]
    for purpose in StatusList.Purpose.allCases {
      switch try #require(vector.lists[purpose.rawValue]) {
      case .word("failed"): answers[purpose] = .wrong("")
      case .word(let word):
        answers[purpose] = .notRun(try #require(Verification.Cause(rawValue: word)), "")
      case .days(let from, let until, let isSet):
        answers[purpose] = .bit(
          isSet, from: from.flatMap { CalendarDate(iso: $0) },
          until: until.flatMap { CalendarDate(iso: $0) })
      }
    }
    let lists = answers
    var alone = Verification()
    await alone.checkStatus(
      stated: vector.page.status, lists: { lists[$0] ?? .wrong("") }, today: today)
    #expect(Self.ending(of: alone) == vector.endings["status"])
    run.steps += alone.steps
    run.states = alone.states
    alone = Verification()
    alone.checkDates(
      issued: CalendarDate(iso: vector.issued), expires: CalendarDate(iso: vector.expires),
      today: today)
    #expect(Self.ending(of: alone) == vector.endings["dates"])
    run.steps += alone.steps
    run.states.formUnion(alone.states)
    run.isCopy = ["other", "loopback"].contains(vector.address)
    #expect(run.verdict.rawValue == vector.verdict)
    #expect(run.isWhole == vector.isWhole)
    #expect((run.verdict == .couldNotBeChecked ? run.cause?.rawValue : nil) == vector.cause)
  }

  /// The one word that a step ended with.
  private static func ending(of step: Verification) -> String {
    if step.steps.contains(where: { $0.result == .failed }) { return "failed" }
    for state in [Verification.Verdict.revoked, .superseded, .suspended, .expired]
    where step.states.contains(state) {
      return state.rawValue
    }
    return step.cause?.rawValue ?? "passed"
  }
}
