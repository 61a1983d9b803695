import ArgumentParser
import Diagnostics
import FlyingFox
import FlyingSocks
import Foundation
import SystemPackage

/// An address at which the preview can be asked.
struct PreviewListener {
  let host: String
  let port: UInt16
  let configuration: HTTPServer.Configuration
  let isNeeded: Bool

  /// Both of this machine's own addresses, or the one that was asked for.
  ///
  /// - Throws: `ValidationError` for a host that is no IPv4 address.
  static func all(host: String?, port: UInt16) throws -> [PreviewListener] {
    do {
      let first = host ?? "127.0.0.1"
      let four = PreviewListener(
        host: first, port: port,
        configuration: HTTPServer.Configuration(
          address: try sockaddr_in.inet(ip4: first, port: port), logger: .disabled),
        isNeeded: true)
      if host != nil { return [four] }
      return [
        four,
        PreviewListener(
          host: "[::1]", port: port,
          configuration: HTTPServer.Configuration(
            address: sockaddr_in6.loopback(port: port), logger: .disabled), isNeeded: false),
      ]
    } catch {
      throw ValidationError("--host is an IPv4 address, as in 192.168.1.20")
    }
  }

  /// Whether it can be listened on, before anything is made for it; false on a machine that has no
  /// such address and can do without.
  func isFree() throws -> Bool {
    do {
      let socket = try Socket(domain: Int32(configuration.address.family))
      defer { do { try socket.close() } catch {} }
      try socket.setValue(true, for: .localAddressReuse)
      try socket.bind(to: configuration.address)
      try socket.listen()
      return true
    } catch let error as SocketError {
      // Browsers may ask at either address: one that another program has is never passed over.
      if !isNeeded, error.number != .addressInUse { return false }
      throw failure(error)
    }
  }

  func failure(_ error: SocketError) -> MachineFailure {
    let reason =
      switch error.number {
      case Errno.addressInUse: "another program has port \(port); choose another one with --port"
      case Errno.permissionDenied:
        "port \(port) is for administrators; choose another one with --port"
      case Errno.addressNotAvailable:
        "this machine has no such address; choose one of its own with --host"
      case let number?: number.description
      case nil: error.localizedDescription
      }
    return MachineFailure("listen on \(host):\(port)", reason: reason)
  }
}

extension SocketError {
  /// What the machine calls it.
  fileprivate var number: Errno? {
    if case .failed(_, let number, _) = self { return Errno(rawValue: number) }
    return nil
  }
}
