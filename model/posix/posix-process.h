// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_PROCESS_H
#define POSIX_PROCESS_H

#include "fiber.h"
#include "posix-calls.h"
#include "posix-file.h"
#include "posix-program.h"

#include "ns3/event-id.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/socket.h"

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{

class PosixSocket;

/**
 * @ingroup mptcp
 * An instance of a program: its fiber, descriptors and memory. It is inside the program only
 * during an event of its own, never within a callback of a socket.
 */
class PosixProcess
{
  public:
    /// What an instance is given.
    struct Settings
    {
        Ptr<Node> node;                     //!< where it runs
        std::vector<std::string> arguments; //!< argv, the name first
        size_t stackSize{0};                //!< bytes
        TypeId streamProtocol;              //!< socket factory of SOCK_STREAM
        bool privileged{false};             //!< it may use ports below 1024 and the like
        uint32_t pid{0};                    //!< getpid()

        std::function<void(const std::string&)> output; //!< gets what goes to the log
        std::function<void(int)> exited;                //!< is called last, with the exit code
        /// A stream socket is connected.
        std::function<void(Ptr<Socket>)> connected;
        /// Bytes of a stream were read. @param socket where
        std::function<void(Ptr<Socket>, const std::vector<uint8_t>&)> received;
    };

    /// @param settings what it is given @param program what it runs
    PosixProcess(Settings settings, std::unique_ptr<PosixProgram> program);
    ~PosixProcess();
    PosixProcess(const PosixProcess&) = delete;
    PosixProcess& operator=(const PosixProcess&) = delete;

    /// Enter main(). To be called in an event of the node.
    void Start();
    /**
     * End it wherever it is: its stack is unwound, its descriptors are closed and its memory is
     * given back.
     * @param orderly whether the simulation goes on, in which connections can be closed
     */
    void Kill(bool orderly);
    /// Something has happened that it may wait for. It goes on in an event of its own.
    void Wake();

    // For its calls

    /// @return what it was given
    const Settings& GetSettings() const
    {
        return m_settings;
    }

    /**
     * Stay in a call until something holds, while simulated time passes.
     * @param ready what is waited for
     * @param limit when to give up; nothing: never
     * @return whether it holds; false also if the program is over and is ended while the rest of
     * its streams is written
     */
    bool WaitFor(const std::function<bool()>& ready, std::optional<Time> limit);
    /// A call begins that may find nothing to do. A program that calls so again and again is made
    /// to wait a little, or simulated time would stand still.
    void Pace();

    /// @param least lowest number that is wanted @return the lowest one that is free, or -EMFILE
    int GetFreeFile(size_t least = 0) const;
    /// @param file for a new descriptor @param least lowest number that it may have
    /// @return its number, or -EMFILE
    int AddFile(std::shared_ptr<PosixFile> file, size_t least = 0);
    /// @param fd a descriptor @return what it stands for, or nullptr
    std::shared_ptr<PosixFile> GetFile(int fd) const;
    /// @param fd a descriptor @return its socket, or nullptr
    std::shared_ptr<PosixSocket> GetSocket(int fd) const;
    /// @param fd a descriptor @return 0 or -EBADF
    int CloseFile(int fd);
    /// @param fd a descriptor that there is @return FD_CLOEXEC, without effect: there is no exec
    bool GetCloseOnExec(int fd) const;
    /// @param fd a descriptor that there is @param on FD_CLOEXEC
    void SetCloseOnExec(int fd, bool on);

    /// @param text for the log, which a call of the program gives
    void Write(const std::string& text) const;
    /// @param text of a line for the log, about the program
    void Note(const std::string& text) const;

    /// @param alignment a power of 2 @param size bytes @return zeroed memory, or nullptr
    void* Allocate(size_t alignment, size_t size);
    /// @param memory what it has, or nullptr @param size bytes @return memory with the same bytes
    void* Reallocate(void* memory, size_t size);
    /// @param memory what it has, or nullptr
    void Release(void* memory);

    /// Thrown through the program's frames to its beginning. No program can catch it.
    struct End
    {
        int status; //!< exit code
    };

    static constexpr int KILLED = 128 + 9;  //!< exit code of one that was killed, as in a shell
    static constexpr int ABORTED = 128 + 6; //!< exit code after abort()

  private:
    /// What runs on the fiber.
    void Body();
    /// Let the fiber run until it waits or ends.
    void Enter();
    /// The fiber is over.
    void CleanUp();
    /// Wait for Wake(), or until a moment. @param limit the moment, if there is one
    void Block(std::optional<Time> limit);

    Settings m_settings;                             //!< see Settings
    std::unique_ptr<PosixProgram> m_program;         //!< its copy of the program
    mptcp_posix_calls m_calls;                       //!< what the copy calls
    std::vector<std::vector<char>> m_texts;          //!< its arguments, writable
    std::vector<char*> m_argv;                       //!< argv
    std::unique_ptr<Fiber> m_fiber;                  //!< its stack
    bool m_started{false};                           //!< Start() was called
    bool m_inside{false};                            //!< the fiber runs
    bool m_killed{false};                            //!< it shall end
    bool m_orderly{true};                            //!< see Kill()
    bool m_finishing{false};                         //!< main() is over
    bool m_ended{false};                             //!< all is over
    int m_status{0};                                 //!< exit code
    std::exception_ptr m_failure;                    //!< what has ended the program
    std::shared_ptr<bool> m_wakePending;             //!< an event will call Enter()
    EventId m_timer;                                 //!< ends a wait
    std::vector<std::shared_ptr<PosixFile>> m_files; //!< by descriptor
    std::set<int> m_closeOnExec;                     //!< descriptors with FD_CLOEXEC
    std::map<void*, size_t> m_memory;                //!< what it has, with sizes
    Time m_paceTime;                                 //!< begin of the millisecond, see Pace()
    uint32_t m_paceCalls{0};                         //!< see Pace()
};

/// @param process whose calls @return the functions
mptcp_posix_calls MakePosixCalls(PosixProcess& process);
/// @param calls whose functions on sockets are filled in
void AddPosixSocketCalls(mptcp_posix_calls& calls);

} // namespace ns3

#endif // POSIX_PROCESS_H
