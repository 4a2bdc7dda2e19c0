import Glibc
import RollcallCore

/// What tells one state of a file from another: which file it is, how long it is and when it was last written.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    /// The size in bytes.
    let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = Int(status.st_mtim.tv_sec)
        nanoseconds = Int(status.st_mtim.tv_nsec)
    }

    /// When the file was last written.
    var written: Instant { Instant(unixSeconds: Int64(seconds)) }

    /// Whether both are the same file, whatever happened to its content.
    func isSameFile(as other: FileIdentity) -> Bool {
        device == other.device && inode == other.inode
    }
}
