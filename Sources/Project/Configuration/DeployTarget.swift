/// A place that the site is uploaded to, as rclone names it.
public struct DeployTarget: Sendable, Hashable {
  /// As in `r2:certificates` or `web:/srv/www`; a folder of this machine without a colon.
  public let remote: String
  /// How many files travel at a time; nil for as many as usual.
  public let transfers: Int?

  public init(remote: String, transfers: Int? = nil) {
    self.remote = remote
    self.transfers = transfers
  }

  /// The folder of this machine that it is; nil for another remote.
  public var folder: String? {
    let local = ":local:"
    if remote.hasPrefix(local) { return String(remote.dropFirst(local.count)) }
    // A colon behind a slash is part of a name.
    return remote.prefix { $0 != "/" }.contains(":") ? nil : remote
  }

  /// Whether a text names a remote by itself, and no target of the settings.
  public static func isRemote(_ text: String) -> Bool {
    text.contains(":") || text.hasPrefix("/") || text.hasPrefix(".")
  }
}
