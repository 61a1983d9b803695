/// A host, or a family of them, that reads a file of its own.
package enum HostKind: String, CaseIterable, Sendable {
  case headers, nginx, caddy

  /// Whether the file lies in the program's own folder.
  var isPrivate: Bool { self != .headers }

  package var path: OutputPath {
    switch self {
    case .headers: OutputPath("_headers")
    case .nginx: OutputPath("\(OutputPath.stateFolder)/hosts/nginx.conf")
    case .caddy: OutputPath("\(OutputPath.stateFolder)/hosts/Caddyfile")
    }
  }
}
