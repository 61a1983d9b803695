/// What hosts that read it answer at old addresses, as in
/// [Netlify's format](https://docs.netlify.com/routing/redirects/), which others share.
package enum Redirects {
  package static let path = OutputPath("_redirects")

  package static func file(_ redirects: [(from: String, to: String)]) -> [UInt8] {
    Array(
      redirects.sorted { $0.from < $1.from }.map { "\($0.from) \($0.to) 301\n" }.joined().utf8)
  }
}
