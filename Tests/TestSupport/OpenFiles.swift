import Glibc

/// Another descriptor of a file that this process has open, as a child has it that is not another program yet: of the
/// same open file, with its locks. The caller closes it; nil where the file is not open.
public func duplicate(ofOpenFile path: String) -> Int32? {
  guard let real = realpath(path, nil) else { return nil }
  defer { free(real) }
  for descriptor in 3..<Int32(1024) {
    var target = [CChar](repeating: 0, count: 4096)
    guard readlink("/proc/self/fd/\(descriptor)", &target, target.count - 1) > 0 else { continue }
    if strcmp(target, real) == 0 { return fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }
  }
  return nil
}
