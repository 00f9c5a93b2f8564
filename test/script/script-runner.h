// SPDX-License-Identifier: GPL-2.0-only
#ifndef SCRIPT_RUNNER_H
#define SCRIPT_RUNNER_H

#include "mptcp-host.h"
#include "packet-script.h"
#include "script-wire.h"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{

/// Runs one packet script against a host.
class ScriptRunner
{
  public:
    /// @param script what to do
    explicit ScriptRunner(const PacketScript& script);

    /// Run it; throws ScriptError, which tells what was expected and what was seen.
    void Run();

  private:
    /// A segment of the host that was not looked at yet.
    struct Arrival
    {
        int64_t time{0};     //!< when it left
        WireSegment segment; //!< it
    };

    /// What the script knows of a descriptor.
    struct Stream
    {
        int fd{-1};          //!< the host's number
        uint64_t written{0}; //!< bytes
        uint64_t read{0};    //!< bytes
    };

    /// @param event to do
    void Do(const ScriptEvent& event);
    /// @param event INJECT
    void Inject(const ScriptEvent& event);
    /// @param event EXPECT
    void Expect(const ScriptEvent& event);
    /// @param call of the socket API
    void Call(const ScriptCall& call);
    /// @param call of the socket API @return its result, and a text for results that are wrong
    long DoCall(const ScriptCall& call);
    /// @param call read() @return its result
    long Read(const ScriptCall& call);
    /// @param call write() @return its result
    long Write(const ScriptCall& call);
    /// @param call getsockopt() or setsockopt() @return its result
    long Option(const ScriptCall& call);

    /// @param call any @param index of an argument @return it
    static const std::string& Argument(const ScriptCall& call, size_t index);
    /// @param call with a descriptor as its first argument @return what is known of it
    Stream& StreamOf(const ScriptCall& call);
    /// @param text "..." or an address with port @param end what "..." stands for
    /// @param storage is filled @return bytes of it
    static socklen_t
    ToSockAddr(const std::string& text, const ScriptEnd& end, sockaddr_storage& storage);

    /// @param flow name @return its path
    ScriptPath& PathOf(const std::string& flow);
    /// @param segment from the host @return its path, nullptr if there is none
    ScriptPath* FindPath(const WireSegment& segment);
    /// Take what has left the host.
    void Collect();
    /// @param segment of the host @return addresses, ports and the rest, for messages
    static std::string Describe(const Arrival& segment);

    const PacketScript& m_script;                              //!< what to do
    std::unique_ptr<mptcp_host, void (*)(mptcp_host*)> m_host; //!< under test
    ScriptWire m_wire;                                         //!< words and bytes
    std::deque<ScriptPath> m_paths;                            //!< the first one has no name
    std::map<std::string, Stream> m_streams;                   //!< by the script's descriptor
    std::deque<Arrival> m_arrivals;                            //!< not expected yet
    int64_t m_last{0};                                         //!< time of the last event
};

} // namespace ns3

#endif // SCRIPT_RUNNER_H
