/// Style sheet, script, icon and picture of certificates' pages, as in `certificate-1.css`.
///
/// Their addresses stay while their content changes, so that no page of a certificate changes with them. The
/// number counts the forms of the page. A script reads pages of its own form and of earlier ones.
package enum CertificateAssets {
  /// What the paths of all of them begin with.
  package static let start = "assets/certificate-"

  /// Whether a file of the theme is one of them.
  package static func isOne(_ name: String) -> Bool {
    name.wholeMatch(of: /certificate-[0-9]+\.[a-z]+/) != nil
  }
}
