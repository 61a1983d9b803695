/// A host, or a family of them, that reads a file of its own.
package enum HostKind: String, CaseIterable, Sendable {
  case headers, nginx, caddy

  package var path: OutputPath {
    switch self {
    case .headers: OutputPath("_headers")
    case .nginx: OutputPath("\(OutputPath.stateFolder)/hosts/nginx.conf")
    case .caddy: OutputPath("\(OutputPath.stateFolder)/hosts/Caddyfile")
    }
  }
}
