// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing
import Wire

@Suite struct DescriptorTests {
  private func isOpen(_ number: Int32) -> Bool { fcntl(number, F_GETFD) >= 0 }

  @Test func isClosedWithItsOwner() throws {
    // The number is looked at by its file, because another test may get the same number at once.
    var before = stat()
    var after = stat()
    func pipeAndForget() throws -> Int32 {
      let pipe = try Descriptor.Pipe()
      #expect(isOpen(pipe.read.number) && isOpen(pipe.write.number))
      #expect(fstat(pipe.read.number, &before) == 0)
      return pipe.read.number
    }
    let number = try pipeAndForget()
    #expect(fstat(number, &after) != 0 || after.st_ino != before.st_ino)
  }

  @Test func pipesAndSocketsNeitherBlockNorAreInherited() throws {
    let pipe = try Descriptor.Pipe()
    let socket = try Descriptor.streamSocket(family: AF_INET)
    for number in [pipe.read.number, pipe.write.number, socket.number] {
      #expect(fcntl(number, F_GETFL) & O_NONBLOCK != 0)
      #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
    }
  }

  @Test func errorsSayTheCallAndTheReason() {
    #expect(throws: SystemError.self) { _ = try Descriptor.streamSocket(family: -1) }
    do throws(SystemError) {
      _ = try Descriptor.streamSocket(family: -1)
    } catch {
      #expect("\(error)" == "socket: Address family not supported by protocol")
    }
  }
}
