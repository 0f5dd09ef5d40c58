// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// What surrounds the code: fixtures, Makefile, pages.
@Suite struct ProjectTidyTests {
  /// Each fixture is named in a README beside or above it: where it comes from and what it is for.
  @Test func everyFixtureHasItsLine() {
    let paths = CodeBase.paths(under: "Fixtures")
    #expect(!paths.isEmpty)
    for path in paths where !path.hasSuffix("README.md") {
      let parts = path.split(separator: "/")
      let name = String(parts[parts.count - 1])
      // pg-15-login-query.pcap, .golden.txt and .expected.txt share a line.
      let stems =
        [name]
        + [".golden.txt", ".expected.txt", ".pcap"].filter(name.hasSuffix).map { String(name.dropLast($0.count)) }
      let readmes = (1..<parts.count).compactMap { CodeBase.file(parts[..<$0].joined(separator: "/") + "/README.md") }
      let isNamed = readmes.contains { readme in stems.contains { readme.text.contains($0) } }
      #expect(isNamed, "\(path) has no line in a README")
    }
  }

  @Test func makeListsEveryTarget() throws {
    let makefile = try #require(CodeBase.file("Makefile"))
    let rules = makefile.lines.filter { $0.contains(":") && $0.first?.isLowercase == true }
    let names = rules.map { String($0.prefix { $0 != ":" }) }
    for target in ["demo", "test", "testenv", "build", "static", "fixtures", "bench", "format", "lint", "clean"] {
      #expect(names.contains(target))
    }
    let listed = try run(["/usr/bin/make", "-C", Fixture.packageFolder, "--no-print-directory"])
    let phony = try #require(makefile.lines.first { $0.hasPrefix(".PHONY:") })
    for (name, rule) in zip(names, rules) {
      #expect(rule.contains("## "), "\(name) has no description")
      #expect(listed.contains("make \(name) "), "`make` does not list \(name)")
      #expect(phony.split(separator: " ").contains { $0 == name }, "\(name) is not .PHONY")
    }
  }

  /// A target is one command, and the scripts that it and the pages name are there and can be run.
  @Test func scriptsThatAreNamedExist() throws {
    let makefile = try #require(CodeBase.file("Makefile"))
    let recipes = makefile.text.components(separatedBy: "\n\n").map {
      $0.split(separator: "\n").filter { $0.hasPrefix("\t") }
    }
    for recipe in recipes { #expect(recipe.count <= 1, "\(recipe)") }
    for page in ["Makefile", "README.md", "docs/HACKING.md", "docs/ARCHITECTURE.md"] {
      let text = try #require(CodeBase.file(page), "\(page) is missing").text
      for match in text.matches(of: /(tools\/[a-z\/-]+\.sh|\.ci\/run)/) {
        #expect(
          FileManager.default.isExecutableFile(atPath: "\(Fixture.packageFolder)/\(match.1)"),
          "\(page) names \(match.1)")
      }
    }
  }

  /// The pages link only to what is there.
  @Test func linksOfThePagesLead() throws {
    for page in ["README.md"] + CodeBase.paths(under: "docs").filter({ $0.hasSuffix(".md") }) {
      let text = try #require(CodeBase.file(page)).text
      let folder = page.split(separator: "/").dropLast().joined(separator: "/")
      for match in text.matches(of: /\]\(([^)#:]+)\)/) {
        let target = "\(Fixture.packageFolder)/\(folder)/\(match.1)"
        #expect(FileManager.default.fileExists(atPath: target), "\(page) links to \(match.1)")
      }
    }
  }
}
