package import Input
import Pages
import Project
import Proof
package import Registry

/// What a build seals of the registry, for people who look at it before: nothing of it can be taken back.
package struct SealPreview {
  /// Certificates of one scheme, batch and day.
  package struct Group {
    package let scheme: String
    /// Empty where the registry names none.
    package let batch: String
    package let issued: CalendarDate
    package internal(set) var first: String
    package internal(set) var last: String
    package internal(set) var count = 1
  }

  /// In the order of the registry.
  package let certificates: [Certificate]
  let schemes: [Scheme]
  /// Certificates whose status changes, with the kind of the entry, such as `revoked`.
  package let changes: [(certificate: Certificate, kind: String)]

  package var groups: [Group] {
    var groups: [Group] = []
    var places: [String: Int] = [:]
    for certificate in certificates {
      let batch = certificate.row.batch?.string ?? ""
      let scheme = code(of: certificate)
      let number = certificate.number.string
      if let place = places["\(scheme)\n\(batch)\n\(certificate.issued)"] {
        groups[place].last = number
        groups[place].count += 1
      } else {
        places["\(scheme)\n\(batch)\n\(certificate.issued)"] = groups.count
        groups.append(
          Group(
            scheme: scheme, batch: batch, issued: certificate.issued, first: number, last: number))
      }
    }
    return groups
  }

  package func code(of certificate: Certificate) -> String { schemes[certificate.scheme].code }
}

extension SitePlan {
  package var sealPreview: SealPreview {
    let registry = site.project.registry
    return SealPreview(
      certificates: site.ledger.newlyIssued.map(registry.certificate(ordinal:)),
      schemes: registry.schemes,
      changes: site.ledger.newStatuses.map { (registry.certificate(ordinal: $0.ordinal), $0.kind) })
  }

  /// Whether nothing was sealed before.
  package var beginsLog: Bool { site.ledger.storedSize == 0 }

  /// The day of the build in the site's time zone.
  package var today: CalendarDate { site.project.today }

  /// Whether everything on the site is invented.
  package var isSpecimen: Bool { site.project.configuration.isSpecimen }

  /// The names of the places that the site can be uploaded to, in order.
  package var deployTargets: [String] { site.project.configuration.deployTargets.keys.sorted() }

  /// The last day on which the signed lists of revoked and suspended certificates are good.
  package var statusListsEnd: CalendarDate {
    site.project.today.adding(days: IssuerDocuments.statusListDays)
  }

  /// The site's official domain.
  package var host: String { site.project.configuration.host }
}
