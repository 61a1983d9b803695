import Diagnostics
import Input
import Layout
import Proof

/// Reads the signed status lists of a site.
struct StatusListReader: Sendable {
  let site: PublishedSite
  let keys: TrustedKeys
  let today: CalendarDate

  /// A list that the issuer's key in use signed, with the days that it claims to be good for.
  struct Signed {
    let list: StatusList
    let from: CalendarDate?
    let until: CalendarDate?
  }

  enum Reading {
    case list(Signed)
    /// Its signature or its form is wrong.
    case wrong(String)
    case notRun(Verification.Cause, String)
  }

  /// The series of lists that the site has: badges have one of their own, where there are any.
  static func series(on site: PublishedSite) async -> [StatusList.Series] {
    let path = StatusListFile(.badges, number: 0).path.text
    if case .missing = await CertificateVerifier.fetch(path, site) {
      return StatusList.Series.ofCredentials
    }
    return StatusList.Series.ofCredentials + [.badges]
  }

  /// What the list with the entry at an index of the log says of it.
  func bit(_ index: Int, _ purpose: StatusList.Purpose) async -> ListAnswer {
    switch await read(index / StatusList.length, .credentials(purpose)) {
    case .list(let signed):
      return .bit(
        signed.list[index % StatusList.length], from: signed.from, until: signed.until)
    case .wrong(let reason): return .wrong(reason)
    case .notRun(let cause, let reason): return .notRun(cause, reason)
    }
  }

  func read(_ number: Int, _ series: StatusList.Series) async -> Reading {
    let path = StatusListFile(series, number: number).path.text
    let document: JSONValue
    do {
      guard let bytes = try await site.read(path, limit: 16 << 20) else {
        return .notRun(.missing, "\(path) is missing")
      }
      document = try JSONParser.parse(bytes)
      let key = try DataIntegrity.verify(document, series.cryptosuite) { keys.directory.keys[$0] }
      guard key == keys.directory.current else {
        return .wrong("\(path): a key signed it that is not in use any more, \(key.multikey)")
      }
      guard keys.counts(key) else {
        return .notRun(.key, "\(path) is signed by \(key.multikey), which was not named")
      }
    } catch let failure as MachineFailure {
      return .notRun(.connection, failure.description)
    } catch {
      return .wrong("\(path): \(error)")
    }
    let encoded = document["credentialSubject"]?["encodedList"]?.string
    guard let encoded, isList(document, encoded, series, number) else {
      return .wrong("\(path): it is another list, another issuer's, or says more than a list does")
    }
    guard let list = StatusList(encoded: encoded) else {
      return .wrong("\(path): its bits cannot be read")
    }
    func day(_ name: String) -> CalendarDate? {
      document[name]?.string.flatMap { CalendarDate(moment: $0) }
    }
    let (from, last) = (day("validFrom"), today.adding(days: 1))
    // Where the list is dated ahead as well, this machine's clock may be wrong.
    let signed = document.proof?["created"]?.string.flatMap { CalendarDate(moment: $0) }
    if let signed, signed > last, from.map({ $0 <= last }) ?? true {
      return .wrong("\(path): its signature is dated ahead, \(signed)")
    }
    return .list(Signed(list: list, from: from, until: day("validUntil")))
  }

  /// Whether a document is this list and nothing else. Its days are judged apart.
  private func isList(
    _ document: JSONValue, _ encoded: String, _ series: StatusList.Series, _ number: Int
  ) -> Bool {
    guard let addresses = CredentialAddresses(of: document, host: keys.directory.host) else {
      return false
    }
    return document.withoutProof.isSame(
      as: IssuerDocuments.statusList(
        encoded, series, number: number, addresses: addresses, from: document["validFrom"],
        until: document["validUntil"]))
  }
}
