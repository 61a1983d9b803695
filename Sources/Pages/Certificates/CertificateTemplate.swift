import Foundation
import Input
import Proof
import Registry
import Theme

/// What decides how a certificate's page looks apart from its own texts and dates.
package struct PageVariant: Hashable, Sendable {
  let scheme: Int
  let schemeEdition: Int
  let issuerEdition: Int
  let status: Status
  let hasRegistration: Bool
  let hasRevision: Bool
  let hasStatusDate: Bool
  let hasReason: Bool
  /// Whether the certificate that replaces this one is there to link to.
  let hasSuccessor: Bool
  /// Whether the certificate holds for just the scheme's years, as is printed on it.
  let holdsForYears: Bool
  let isListed: Bool

  // A variant is looked up for every certificate: two words take less time than eleven.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(scheme << 32 ^ schemeEdition << 16 ^ issuerEdition)
    hasher.combine(
      UInt16(status.rawValue) << 8 | (hasRegistration ? 1 : 0) | (hasRevision ? 2 : 0)
        | (hasStatusDate ? 4 : 0) | (hasReason ? 8 : 0) | (hasSuccessor ? 16 : 0)
        | (holdsForYears ? 32 : 0) | (isListed ? 64 : 0))
  }

  init(_ certificate: Certificate, schemes: [Scheme], publishesReasons: Bool) {
    scheme = certificate.scheme
    schemeEdition = certificate.schemeEdition
    issuerEdition = certificate.issuerEdition
    status = certificate.status
    hasRegistration = certificate.registration != nil
    hasRevision = certificate.revision > 1
    hasStatusDate = certificate.statusDate != nil
    hasSuccessor = certificate.successor != nil
    hasReason = publishesReasons && certificate.statusReason != nil
    let years = schemes[scheme].editions.all[schemeEdition].value.years
    holdsForYears = certificate.expires == certificate.issued.adding(years: years)
    isListed = certificate.isListed
  }
}

/// A place on the page that is filled with a certificate's own text.
package enum CertificateSlot: Hashable, Sendable {
  package enum DateField: Hashable, Sendable { case issued, expires, statusDate }

  case number, holder, registration, revision, reason
  case isoDate(DateField)
  /// A day in the words of a language, by the language's position.
  case date(DateField, language: Int)
  /// The same with no-break spaces, for headings.
  case unbrokenDate(DateField, language: Int)
  case fingerprint, code, folder, salt
  /// Position of the issuance in the log.
  case logIndex
  case fingerprintGroup(Int)
  case codeGroup(Int)
  case successorFolder, successorNumber
  /// The QR code of the page's address, a PNG picture in base64.
  case qrPicture
  /// The record's bytes in base64, where the page alone carries them.
  case record
}

/// The page of one variant: what is left for each certificate is to copy bytes and escape texts.
///
/// A class, since workers share it: see `SharedByteTable`.
package final class CertificateTemplate: Sendable {
  private let template: SlotTemplate<CertificateSlot>
  /// Whether pages show the QR code of their address.
  let hasQRCode: Bool
  /// Digits that change when pages would be made otherwise of the same certificates.
  package let digest: UInt64

  /// Every slot, in the order of their placeholders.
  struct Placeholders: Sendable {
    private(set) var slots: [CertificateSlot] = []

    /// The character that stands for a slot.
    mutating func placeholder(_ slot: CertificateSlot) -> String {
      let position = slots.firstIndex(of: slot) ?? slots.count
      if position == slots.count { slots.append(slot) }
      return SlotTemplate<CertificateSlot>.placeholder(position)
    }
  }

  /// - Parameters:
  ///   - page: rendered, with placeholders.
  ///   - words: all that fills the slots and is not the certificate's own.
  init(page: String, placeholders: Placeholders, words: [String]) {
    template = SlotTemplate(page, slots: placeholders.slots)
    hasQRCode = template.slots.contains(.qrPicture)
    var hash = Digest.Hash()
    let names = Dictionary(uniqueKeysWithValues: placeholders.slots.map { ($0, "\($0)") })
    hash.add(template.described { names[$0] ?? "" })
    for word in words { hash.add(word) }
    digest = hash.digest.high
  }

  /// What a page shows of one certificate beside what the registry says of it.
  struct Values {
    let fingerprintHex: [UInt8]
    let folder: [UInt8]
    let logIndex: Int
    let record: [UInt8]
    let salt: ArraySlice<UInt8>
    /// That of the page's address; nil where the page has no place for it.
    let qrCode: QRCode?
    let successorFolder: [UInt8]
    let successorNumber: Text?
  }

  /// Writes the page of a certificate into a buffer, instead of what is in it.
  ///
  /// - Parameter months: their names by the languages' positions, escaped for HTML.
  func fill(
    _ certificate: Certificate, _ values: Values, months: SharedByteTable, into page: inout [UInt8]
  ) {
    page.removeAll(keepingCapacity: true)
    page.reserveCapacity(template.size + 6144)
    template.append(to: &page) { slot, page in
      append(slot, of: certificate, values, months, to: &page)
    }
  }

  private func append(
    _ slot: CertificateSlot, of certificate: Certificate, _ values: Values,
    _ months: SharedByteTable,
    to page: inout [UInt8]
  ) {
    switch slot {
    case .number: HTML.append(certificate.number.bytes, to: &page)
    case .holder: HTML.append(certificate.holder.bytes, to: &page)
    case .registration:
      if let text = certificate.registration { HTML.append(text.bytes, to: &page) }
    case .reason:
      if let text = certificate.statusReason { HTML.append(text.bytes, to: &page) }
    case .revision: page.append(decimal: certificate.revision)
    case .isoDate(let field):
      if let date = date(field, of: certificate) { page.append(date) }
    case .date(let field, let language):
      if let date = date(field, of: certificate) {
        append(date, months: months, language, space: " ", to: &page)
      }
    case .unbrokenDate(let field, let language):
      if let date = date(field, of: certificate) {
        append(date, months: months, language, space: "\u{A0}", to: &page)
      }
    case .fingerprint: page.append(contentsOf: values.fingerprintHex)
    case .code: page.append(values.fingerprintHex, 0..<32)
    case .fingerprintGroup(let group), .codeGroup(let group):
      page.append(values.fingerprintHex, (group * 4)..<(group * 4 + 4))
    case .logIndex: page.append(decimal: values.logIndex)
    case .salt: page.append(contentsOf: values.salt)
    case .record: page.append(contentsOf: Data(values.record).base64EncodedData())
    case .qrPicture:
      if let code = values.qrCode { page.append(contentsOf: Data(code.png).base64EncodedData()) }
    case .folder: page.append(contentsOf: values.folder)
    case .successorFolder: page.append(contentsOf: values.successorFolder)
    case .successorNumber:
      if let number = values.successorNumber { HTML.append(number.bytes, to: &page) }
    }
  }

  private func date(
    _ field: CertificateSlot.DateField, of certificate: Certificate
  ) -> CalendarDate? {
    switch field {
    case .issued: certificate.issued
    case .expires: certificate.expires
    case .statusDate: certificate.statusDate
    }
  }

  private func append(
    _ date: CalendarDate, months: SharedByteTable, _ language: Int, space: StaticString,
    to page: inout [UInt8]
  ) {
    page.append(decimal: date.day)
    page.append(space)
    page.append(months, language, date.month - 1)
    page.append(space)
    page.append(decimal: date.year)
  }
}
