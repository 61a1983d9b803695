import Diagnostics
import Files
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite struct ExternalProgramTests {
  private static let environment = ["PATH": "/usr/bin:/bin"]

  private func shell() throws -> ExternalProgram {
    try #require(ExternalProgram("sh", environment: Self.environment))
  }

  @Test func itsOutputItsWordsAndItsEndAreTold() throws {
    let outcome = try shell().run(
      ["-c", "cat; echo oh >&2; exit 3"], environment: Self.environment, input: Array("in".utf8))
    #expect(outcome.output == Array("in".utf8))
    #expect(outcome.errors == "oh\n" && outcome.status == 3 && !outcome.isKilled)
    #expect(try shell().run(["-c", "kill -9 $$"], environment: [:]).isKilled)
  }

  /// More than a pipe holds on both, and more input than is read.
  @Test func nobodyWaitsForTheOther() throws {
    let script =
      "head -c 10; for i in 1 2; do head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; done"
    let outcome = try shell().run(
      ["-c", script], environment: Self.environment, input: Array(repeating: 65, count: 1 << 20))
    #expect(outcome.output.count == 600_010 && outcome.errors.utf8.count == 600_001)
    #expect(outcome.status == 0)
  }

  @Test func linesAreGivenAtOnceAndMayEndIt() throws {
    var lines: [String] = []
    let outcome = try shell().run(
      ["-c", "echo one >&2; echo two >&2; while :; do sleep 0.1; done"],
      environment: Self.environment
    ) { line in
      lines.append(String(decoding: line, as: UTF8.self))
      return lines.count < 2
    }
    #expect(lines == ["one", "two"] && outcome.isKilled)
  }

  @Test func argumentsAreNoShellsBusiness() throws {
    let echo = try #require(ExternalProgram("echo", environment: Self.environment))
    let outcome = try echo.run(["$(id)", "; ls", "*"], environment: [:])
    #expect(String(decoding: outcome.output, as: UTF8.self) == "$(id) ; ls *\n")
  }

  @Test func relativeFoldersArePassedOver() throws {
    let folder = try TemporaryFolder()
    try folder.write("tool", "#!/bin/sh\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.path.appending("tool").string)
    #expect(ExternalProgram("tool", environment: ["PATH": folder.path.string]) != nil)
    #expect(ExternalProgram("tool", environment: ["PATH": ".:bin:"]) == nil)
    #expect(ExternalProgram("tool", environment: [:]) == nil)
  }

  @Test func whatCannotBeStartedIsAMachineFailure() throws {
    let folder = try TemporaryFolder()
    try folder.write("tool", "no program")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.path.appending("tool").string)
    let tool = try #require(
      ExternalProgram("tool", environment: ["PATH": folder.path.string]))
    #expect(throws: MachineFailure.self) {
      _ = try tool.run([], environment: [:], folder: folder.path.appending("nowhere"))
    }
  }
}
