import ArgumentParser
import CantingCommand
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Commands as the command line runs them, in this process.
@Suite struct CommandLineTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Runs a command line; what it ends with.
  private func canting(_ arguments: String...) async -> Int32 {
    do {
      var command = try Canting.parseAsRoot(arguments)
      if var waiting = command as? any AsyncParsableCommand {
        try await waiting.run()
      } else {
        try command.run()
      }
      return 0
    } catch {
      return Canting.exitCode(for: error).rawValue
    }
  }

  private var project: String { folder.path.appending("site").string }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(project)/\(path)", encoding: .utf8)
  }

  private func begin() async -> Int32 {
    await canting(
      "init", project, "--domain", "sertifikat.lsp-uji.or.id", "--name", "LSP Uji", "--licence",
      "BNSP-LSP-4321-ID", "--address", "Jalan Melati 5", "--email", "a@lsp-uji.or.id", "--quiet")
  }

  @Test(
    arguments: [
      ["frobnicate"], ["build", "--frobnicate"], ["check", "--private-hosts"], ["export"],
      ["export", "--csv", "--since", "yesterday"], ["build", "--max-deletes", "-1"],
      ["check", "--jobs", "0"], ["labels", "--sheet", "none"],
    ])
  func aWrongUseIsSaid(arguments: [String]) throws {
    #expect(throws: (any Error).self) { try Canting.parseAsRoot(arguments) }
    do {
      _ = try Canting.parseAsRoot(arguments)
    } catch {
      #expect(Canting.exitCode(for: error).rawValue == 64)
    }
  }

  @Test func aProjectIsBegunOnceAndBuiltWithItsOwnLog() async throws {
    #expect(await begin() == 0)
    #expect(try text("content/site.yml").contains("url: https://sertifikat.lsp-uji.or.id"))
    #expect(await begin() == 64)
    #expect(await canting("check", "--root", project, "--quiet") == 0)
    #expect(await canting("build", "--root", project, "--quiet") == 1)
    #expect(await canting("build", "--new-log", "--root", project, "--quiet") == 0)
    #expect(await canting("build", "--root", project, "--quiet") == 0)
    #expect(try text("public/about/index.html").contains("LSP Uji"))
  }

  @Test func aRegisterIsTakenInAsDraftsWithItsOwnWords() async throws {
    #expect(await begin() == 0)
    let register = """
      LSP Uji;;;;;
      No. Sertifikat;Nama Peserta;Skema;Tgl Terbit;Berlaku s.d.;Kode Uji
      U 1;Ani;"Pembatik ""Tulis"": #1";16/03/2024;16/03/2027;2024/01
      U 2;Budi;PBC;17/03/2024;17/03/2028;2024/01
      U 3;Cici;PBC;18/03/2024;18/03/2028;"B;2"
      """
    let file = try folder.write("register.csv", register).string
    #expect(await canting("import", file, "--root", project, "--quiet") == 0)
    let schemes = try text("seeds/schemes.yml")
    #expect(schemes.contains(#"id: "Pembatik \"Tulis\": #1""#))
    #expect(schemes.contains("code: PBC") && schemes.contains("years: 4"))
    let batches = try text("seeds/batches.csv").split(separator: "\n").map(String.init)
    #expect(
      batches.dropFirst() == [
        "2024/01,TODO,,TODO,TODO,TODO,2024-03-16,2024-03-17",
        "\"B;2\",TODO,,TODO,TODO,TODO,2024-03-18,2024-03-18",
      ])
    // What is marked is found, and nothing is sealed before it is filled in.
    #expect(await canting("build", "--new-log", "--root", project, "--quiet") == 1)
    #expect(!FileManager.default.fileExists(atPath: "\(project)/seeds/ledger/checkpoint"))
  }

  @Test func aProjectThatIsNotThereIsAnErrorOfTheInput() async {
    #expect(await canting("check", "--root", project, "--quiet") == 1)
    #expect(await canting("import", "register.csv", "--root", project, "--quiet") == 1)
    #expect(await canting("list", "--root", project, "--quiet") == 1)
  }
}
