import Diagnostics
import Files
import Synchronization

/// Ctrl-C, a closed terminal and a polite kill, for a command that has work to tidy before it ends.
enum Interruption {
  fileprivate static let isAsked = Atomic<Bool>(false)

  /// Keeps the first such signal for `check()`; a second one ends the process.
  static func listen() {
    EndingSignals.listen { number in
      if Interruption.isAsked.exchange(true, ordering: .relaxed) {
        EndingSignals.endProcess(number)
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
