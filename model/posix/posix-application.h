// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_APPLICATION_H
#define POSIX_APPLICATION_H

#include "ns3/application.h"
#include "ns3/ptr.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

class PosixProcess;

/**
 * @ingroup mptcp
 * Runs a program written in C for POSIX in a node: its sockets are the node's, its clock is that
 * of the simulation, and a call that waits lets simulated time pass. The program is a shared object
 * that was built for this (`./mptcp cc`, or mptcp_posix_program() in CMake); its source needs no
 * change. Each application is an instance with variables, descriptors and memory of its own.
 *
 * main() is entered at the application's start time. At its stop time, and when the simulation is
 * destroyed, an instance that still runs is ended wherever it is.
 */
class PosixApplication : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    PosixApplication();
    ~PosixApplication() override;

    /// @param arguments of main(), without the name of the program
    void SetArguments(const std::vector<std::string>& arguments);

    /// @return what the instance has written to stdout and stderr, at most LogLimit bytes: the last
    const std::string& GetLog() const;
    /// @return its exit code once it is over; 128 and the signal's number if it was ended from
    /// outside (137) or aborted (134), 127 if it could not be loaded
    std::optional<int> GetExitCode() const;

    /// TracedCallback signature of Output. @param text what was written
    typedef void (*OutputTracedCallback)(const std::string& text);
    /// TracedCallback signature of Exit. @param code exit code
    typedef void (*ExitTracedCallback)(int code);
    /// TracedCallback signature of Connected. @param socket the connection's
    typedef void (*SocketTracedCallback)(Ptr<Socket> socket);
    /// TracedCallback signature of Rx. @param socket the connection's @param bytes that were read
    typedef void (*BytesTracedCallback)(Ptr<Socket> socket, const std::vector<uint8_t>& bytes);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;

    /// @param line words with spaces between them; quotes keep spaces
    void SetArgumentLine(std::string line);
    /// @return the arguments as one line
    std::string GetArgumentLine() const;
    /// @param text for the log
    void Write(const std::string& text);
    /// @param code exit code
    void OnExit(int code);

    std::string m_path;                      //!< attribute Program
    std::vector<std::string> m_arguments;    //!< attribute Arguments
    uint32_t m_stackSize;                    //!< attribute StackSize
    TypeId m_streamProtocol;                 //!< attribute StreamProtocol
    bool m_privileged;                       //!< attribute Privileged
    std::string m_logFile;                   //!< attribute LogFile
    uint32_t m_logLimit;                     //!< attribute LogLimit
    std::unique_ptr<PosixProcess> m_process; //!< the instance
    std::string m_log;                       //!< see GetLog()
    std::ofstream m_file;                    //!< the same, as a file
    std::optional<int> m_exitCode;           //!< see GetExitCode()

    TracedCallback<const std::string&> m_outputTrace;                        //!< Output
    TracedCallback<int> m_exitTrace;                                         //!< Exit
    TracedCallback<Ptr<Socket>> m_connectedTrace;                            //!< Connected
    TracedCallback<Ptr<Socket>, const std::vector<uint8_t>&> m_receiveTrace; //!< Rx
};

} // namespace ns3

#endif // POSIX_APPLICATION_H
