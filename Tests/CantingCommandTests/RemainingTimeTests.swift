import CantingCommand
import Testing

@Suite struct RemainingTimeTests {
  @Test(
    arguments: [
      (0, 100, 10.0, ""), (50, 100, 0.5, ""), (100, 100, 10, ""), (50, 100, 10, ", 11 s left"),
      (10, 1000, 1, ", 2 min left"), (1, 10_000, 1, ", 2 h 47 min left"),
    ])
  func followsFromThePaceSoFar(done: Int, total: Int, seconds: Double, words: String) {
    #expect(remaining(done: done, of: total, after: .seconds(seconds)) == words)
  }
}
