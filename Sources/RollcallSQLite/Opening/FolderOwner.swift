internal import Glibc

/// The owner of the folder that a file is in.
enum FolderOwner {
    /// Gives a file that root has made to the owner of its folder, so that the service can open it afterwards.
    static func give(_ descriptor: Int32, of path: String) {
        guard geteuid() == 0 else { return }
        var folder = stat()
        guard stat(self.folder(of: path), &folder) == 0, folder.st_uid != 0 else { return }
        _ = fchown(descriptor, folder.st_uid, folder.st_gid)
    }

    /// The folder of a path, for a call of the system.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[...slash])
    }
}
