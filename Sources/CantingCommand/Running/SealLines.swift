import Build
import Diagnostics
import Registry

/// What would be sealed, in lines for the terminal.
struct SealLines {
  private static let mostGroups = 20

  let plan: SitePlan

  /// Ranges by scheme, batch and day, and every change of a status.
  var groups: [String] { issued + changes }

  private var changes: [String] {
    plan.sealPreview.changes.map { certificate, kind in
      let day = certificate.statusDate.map { " on \($0)" } ?? ""
      return
        "         \(kind)\(day): \(visible(certificate.number.string))  \(visible(certificate.holder.string))"
    }
  }

  private var issued: [String] {
    let groups = plan.sealPreview.groups
    let shown = groups.prefix(Self.mostGroups).map { group in
      let batch = group.batch.isEmpty ? "" : "  batch \(visible(group.batch))"
      let range =
        group.count == 1
        ? visible(group.first) : "\(visible(group.first)) … \(visible(group.last))"
      return "         \(group.scheme)\(batch)  \(group.issued)  \(grouped(group.count)): \(range)"
    }
    let rest = groups.count - shown.count
    return shown
      + (rest > 0
        ? ["         … and \(grouped(rest)) more groups; --list-new names every certificate"] : [])
  }

  /// Every new certificate: number, holder, scheme, days.
  var list: [String] {
    let preview = plan.sealPreview
    return preview.certificates.map { certificate in
      let revision = certificate.revision > 1 ? " (revision \(certificate.revision))" : ""
      return
        "new      \(visible(certificate.number.string))\(revision)  \(visible(certificate.holder.string))"
        + "  \(preview.code(of: certificate))  \(certificate.issued) to \(certificate.expires)"
    }
  }
}
