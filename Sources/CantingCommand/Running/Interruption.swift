import Diagnostics
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C, a closed terminal and a polite kill, for a command that has work to tidy before it ends.
enum Interruption {
  fileprivate static let isAsked = Atomic<Bool>(false)

  /// Keeps the first such signal for `check()`; a second one ends the process.
  static func listen() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let earlier = signal(number, note)
      // A background job that ignores Ctrl-C, or one under nohup, goes on to do so.
      if unsafeBitCast(earlier, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
        signal(number, SIG_IGN)
      }
    }
  }

  /// Throws once a signal came.
  static func check() throws {
    if isAsked.load(ordering: .relaxed) {
      throw MachineFailure("go on", reason: "the deploy was interrupted")
    }
  }
}

private func note(_ number: Int32) {
  if Interruption.isAsked.exchange(true, ordering: .relaxed) { _exit(128 + number) }
}
