// swift-tools-version: 6.1
import PackageDescription

/// Compiled the same everywhere: Swift 6 mode, explicit existentials and imports, no warning left behind.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-warnings-as-errors"]),
]

let package = Package(
    name: "rollcall",
    products: [.executable(name: "rollcall", targets: ["rollcall"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // System libraries, each behind a thin typed shim.
        .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl"), .linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(name: "CLDAP", linkerSettings: [.linkedLibrary("ldap"), .linkedLibrary("lber")]),
        .target(name: "CMalloc"),
        .target(name: "CSQLiteShim", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CWake"),
        .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),

        // Floor 0: the pure core.
        .target(name: "RollcallCore", dependencies: ["CCrypto"], swiftSettings: house),

        // Floor 1: one report model and its renderings; the config file; what every source over a network needs.
        .target(name: "RollcallReport", dependencies: ["RollcallCore"], swiftSettings: house),
        .target(
            name: "RollcallConfig", dependencies: ["RollcallCore", .product(name: "Yams", package: "Yams")], swiftSettings: house),
        .target(name: "RollcallReading", dependencies: ["RollcallCore", "CWake"], swiftSettings: house),

        // Floor 2: one run.
        .target(name: "RollcallEngine", dependencies: ["RollcallCore"], swiftSettings: house),

        // Floor 3: sources and stores.
        .target(name: "RollcallLDAP", dependencies: ["RollcallCore", "RollcallReading", "CLDAP"], swiftSettings: house),
        .target(name: "RollcallSCIM", dependencies: ["RollcallCore", "RollcallReading", "CCurl", "CZlib"], swiftSettings: house),
        .target(name: "RollcallFiles", dependencies: ["RollcallCore"], swiftSettings: house),
        .target(name: "RollcallSnapshot", dependencies: ["RollcallCore"], swiftSettings: house),
        .target(
            name: "RollcallSQLite",
            dependencies: [
                "RollcallCore", "CSQLiteShim", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: house),
        .target(
            name: "RollcallDaemon",
            dependencies: [
                "RollcallCore", "RollcallReport", "RollcallEngine", "CMalloc", .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),

        // Floor 4: one file per command.
        .target(
            name: "RollcallCommands",
            dependencies: [
                "RollcallCore", "RollcallReport", "RollcallConfig", "RollcallEngine", "RollcallLDAP", "RollcallFiles",
                "RollcallSCIM", "RollcallSQLite", "RollcallSnapshot", "RollcallDaemon",
                .product(name: "ArgumentParser", package: "swift-argument-parser"), .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),

        // Floor 5.
        .executableTarget(name: "rollcall", dependencies: ["RollcallCommands"], swiftSettings: house),

        // Only tests import this: golden files, real servers, in-memory ports, contracts, seeded generators.
        .target(
            name: "RollcallTesting", dependencies: ["RollcallCore", "RollcallEngine"], exclude: ["Servers/Python"], swiftSettings: house),

        .testTarget(
            name: "RollcallCoreTests", dependencies: ["RollcallCore", "RollcallTesting"], exclude: ["Planning/Golden"],
            swiftSettings: house),
        .testTarget(
            name: "RollcallReportTests", dependencies: ["RollcallCore", "RollcallReport", "RollcallTesting"], exclude: ["Golden"],
            swiftSettings: house),
        .testTarget(
            name: "RollcallConfigTests", dependencies: ["RollcallCore", "RollcallConfig", "RollcallTesting"], exclude: ["Fixtures"],
            swiftSettings: house),
        .testTarget(
            name: "RollcallFilesTests", dependencies: ["RollcallCore", "RollcallFiles", "RollcallTesting"], swiftSettings: house),
        .testTarget(
            name: "RollcallSnapshotTests",
            dependencies: ["RollcallCore", "RollcallEngine", "RollcallFiles", "RollcallSnapshot", "RollcallTesting"],
            swiftSettings: house),
        .testTarget(
            name: "RollcallLDAPTests", dependencies: ["RollcallCore", "RollcallReading", "RollcallLDAP", "RollcallTesting"],
            swiftSettings: house),
        .testTarget(
            name: "RollcallSCIMTests", dependencies: ["RollcallCore", "RollcallReading", "RollcallSCIM", "RollcallTesting"],
            exclude: ["HTTP/scripted_http.py"], swiftSettings: house),
        .testTarget(
            name: "RollcallSQLiteTests",
            dependencies: [
                "RollcallCore", "RollcallEngine", "RollcallSQLite", "RollcallTesting", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "RollcallEngineTests",
            dependencies: [
                "RollcallCore", "RollcallEngine", "RollcallSQLite", "RollcallReport", "RollcallTesting",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "RollcallCommandsTests", dependencies: ["RollcallCommands", "RollcallTesting"], swiftSettings: house),
        .testTarget(name: "RollcallDaemonTests", dependencies: ["RollcallDaemon", "RollcallTesting"], swiftSettings: house),
        .testTarget(
            name: "RollcallIntegrationTests", dependencies: ["RollcallCore", "RollcallTesting", "rollcall"], swiftSettings: house),
        .testTarget(name: "RollcallFloorTests", swiftSettings: house),
    ]
)
