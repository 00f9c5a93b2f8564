// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_PROGRAM_H
#define POSIX_PROGRAM_H

#include "posix-calls.h"

#include <memory>
#include <string>

namespace ns3
{

/**
 * @ingroup mptcp
 * A program in the memory of the simulation: a private copy of its shared object, so that each
 * instance has variables of its own.
 */
class PosixProgram
{
  public:
    /**
     * Look at a program without loading it.
     * @param path of its shared object
     * @return empty, or why it cannot run in a node: a function that would reach the host, a
     * library, ...
     */
    static std::string Check(const std::string& path);

    /**
     * @param path of the shared object
     * @param why is filled if it cannot be loaded
     * @return a copy of the program, or nullptr
     */
    static std::unique_ptr<PosixProgram> Load(const std::string& path, std::string& why);

    ~PosixProgram();
    PosixProgram(const PosixProgram&) = delete;
    PosixProgram& operator=(const PosixProgram&) = delete;

    /// Make its standard streams. @param calls what it calls, which outlives it
    /// @return whether there was memory for them
    bool Start(const mptcp_posix_calls& calls) const;
    /// @param argc number of arguments @param argv the arguments @return what main() returned
    int Main(int argc, char** argv) const;
    /// Call what was given to atexit().
    void RunExitHandlers() const;
    /// Close its standard streams, which Start() made.
    void Finish() const;

  private:
    /// @param handle of dlopen()
    explicit PosixProgram(void* handle);

    void* m_handle;                                               //!< of dlopen()
    decltype(&mptcp_posix_start) m_start{nullptr};                //!< of the copy
    decltype(&mptcp_posix_run_exit_handlers) m_handlers{nullptr}; //!< of the copy
    decltype(&mptcp_posix_finish) m_finish{nullptr};              //!< of the copy
    decltype(&mptcp_posix_main) m_main{nullptr};                  //!< of the copy
};

} // namespace ns3

#endif // POSIX_PROGRAM_H
