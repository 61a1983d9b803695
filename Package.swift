// swift-tools-version:6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "canting",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "canting", targets: ["canting"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    .target(
      name: "Diagnostics",
      dependencies: [.product(name: "SystemPackage", package: "swift-system")],
      swiftSettings: strict
    ),
    .target(
      name: "Files",
      dependencies: [
        "Diagnostics", .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Input",
      dependencies: ["Diagnostics", "Files", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict
    ),
    .systemLibrary(
      name: "CCMark",
      pkgConfig: "libcmark",
      providers: [.apt(["libcmark-dev"]), .brew(["cmark"])]
    ),
    .systemLibrary(
      name: "CExpat",
      pkgConfig: "expat",
      providers: [.apt(["libexpat1-dev"]), .brew(["expat"])]
    ),
    .systemLibrary(
      name: "CZip",
      pkgConfig: "libzip",
      providers: [.apt(["libzip-dev"]), .brew(["libzip"])]
    ),
    .systemLibrary(
      name: "CZlib",
      pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
    ),
    .systemLibrary(
      name: "CBrotli",
      pkgConfig: "libbrotlienc",
      providers: [.apt(["libbrotli-dev"]), .brew(["brotli"])]
    ),
    .systemLibrary(name: "CResolv"),
    .systemLibrary(
      name: "CQREncode",
      pkgConfig: "libqrencode",
      providers: [.apt(["libqrencode-dev"]), .brew(["qrencode"])]
    ),
    .target(
      name: "Registry",
      dependencies: [
        "Diagnostics", "Files", "Input", "CExpat", "CZip",
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Proof",
      dependencies: [
        "Diagnostics", "Files", "Input", "CZlib", "Registry",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Content",
      dependencies: [
        "Diagnostics", "Files", "Input", "CCMark", "CExpat",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Layout",
      dependencies: ["Diagnostics", "Files", "Input", "Proof", "CBrotli"],
      swiftSettings: strict
    ),
    .target(
      name: "Theme",
      dependencies: [
        "Diagnostics", "Files", "Input", "Proof", "Content", "Layout",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Project",
      dependencies: [
        "Diagnostics", "Files", "Input", "Registry", "Proof", "Content", "Layout", "Theme",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Pages",
      dependencies: [
        "Diagnostics", "Files", "Input", "Registry", "Proof", "Content", "Layout", "Theme",
        "Project",
        "CQREncode", "CZip",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Output",
      dependencies: [
        "Diagnostics", "Files", "Input", "Proof", "Layout",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Build",
      dependencies: [
        "Diagnostics", "Files", "Input", "Registry", "Proof", "Content", "Layout", "Theme",
        "Project",
        "Pages", "Output",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Verification",
      dependencies: [
        "Diagnostics", "Files", "Input", "Proof", "Layout", "CResolv",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Deployment",
      dependencies: [
        "Diagnostics", "Files", "Input", "Proof", "Layout", "Output", "Verification",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "CantingCommand",
      dependencies: [
        "Diagnostics", "Files", "Input", "Registry", "Proof", "Content", "Layout", "Theme",
        "Project",
        "Pages", "Output", "Build", "Verification", "Deployment",
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ],
      swiftSettings: strict
    ),
    .executableTarget(name: "canting", dependencies: ["CantingCommand"], swiftSettings: strict),

    .target(
      name: "TestSupport",
      dependencies: [
        "Diagnostics", .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Tests/TestSupport",
      swiftSettings: strict
    ),
    .target(
      name: "RegistrySupport",
      dependencies: [
        "Diagnostics", "Files", "Input", "Registry", "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Tests/RegistrySupport",
      swiftSettings: strict
    ),
    .target(
      name: "BuildSupport",
      dependencies: [
        "Build", "Output", "Project", "Proof", "Registry", "Input", "Files", "Diagnostics",
        "TestSupport", .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Tests/BuildSupport",
      swiftSettings: strict
    ),
    .testTarget(
      name: "DiagnosticsTests", dependencies: ["Diagnostics", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "InputTests", dependencies: ["Input", "Diagnostics", "Files", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "RegistryTests",
      dependencies: [
        "Registry", "Input", "Diagnostics", "Files", "RegistrySupport", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ProofTests",
      dependencies: [
        "Proof", "Registry", "Input", "Diagnostics", "Files", "RegistrySupport", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ContentTests",
      dependencies: ["Content", "CCMark", "Input", "Diagnostics", "Files", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ThemeTests",
      dependencies: ["Theme", "Files", "Diagnostics"],
      swiftSettings: strict),
    .testTarget(
      name: "PagesTests",
      dependencies: [
        "Pages", "Project", "Theme", "Content", "Proof", "Registry", "Input", "Diagnostics",
        "Files", "RegistrySupport", "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "OutputTests",
      dependencies: ["Output", "Layout", "Proof", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "BuildTests",
      dependencies: ["Build", "BuildSupport", "Layout", "Output", "TestSupport"],
      swiftSettings: strict),
    .testTarget(name: "LayoutTests", dependencies: ["Layout"], swiftSettings: strict),
    .testTarget(
      name: "FilesTests",
      dependencies: [
        "Files", "Diagnostics", "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "VerificationTests",
      dependencies: [
        "Verification", "BuildSupport", "Layout", "Proof", "Registry", "Input", "Diagnostics",
        "Files", "RegistrySupport", "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DeploymentTests",
      dependencies: ["Deployment", "Output"],
      swiftSettings: strict),
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "Proof", "Registry", "Input", "Diagnostics", "Files", "RegistrySupport", "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CantingCommandTests",
      dependencies: [
        "CantingCommand", "Files", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
  ]
)

// The check of memory in bin/test compiles what it runs and nothing else.
if let names = Context.environment["CANTING_TARGETS"]?.split(separator: ",").map(String.init) {
  package.targets.removeAll { !names.contains($0.name) }
  package.products = []
}
