extension Ledger {
  /// The codes of the certificates that were published and then erased, in the order of the log.
  ///
  /// They are what is left of an erased person: the first half of a salted hash, which says nothing
  /// to whoever does not hold the paper, and where its page was.
  public var erasedCertificates: [CertificateCode] {
    guard states.hasErasures else { return [] }
    return published.lazy.filter { states.isErased(at: $0.index) }.map(\.fingerprint.code)
  }
}
