/// A file of the public log: made when what it tells is sealed.
package enum LogFile: Sendable {
  /// By its path below `log/`.
  case tile(String)
  /// What changes with every checkpoint, in one file, so that a browser asks once.
  case edge
  case checkpoint

  package var path: OutputPath {
    let name =
      switch self {
      case .tile(let path): path
      case .edge: "edge.json"
      case .checkpoint: "checkpoint"
      }
    return OutputPath("\(SiteFolder.log.rawValue)/\(name)")
  }
}
