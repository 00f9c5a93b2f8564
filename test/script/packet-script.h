// SPDX-License-Identifier: GPL-2.0-only
#ifndef PACKET_SCRIPT_H
#define PACKET_SCRIPT_H

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3
{

/// What is wrong with a script or with what happened: "FILE:LINE: ...".
class ScriptError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// A TCP option in the words of scripts.
struct ScriptOption
{
    std::string name;                          //!< "mss", "dss", ...
    std::map<std::string, std::string> fields; //!< by name; numbers in decimal
    bool open{false};                          //!< "...": other fields may be there too

    /// @return it as scripts write it
    std::string Print() const;
};

/// A segment in the words of scripts: all numbers are relative.
struct ScriptSegment
{
    bool syn{false};                   //!< SYN
    bool fin{false};                   //!< FIN
    bool rst{false};                   //!< RST
    bool psh{false};                   //!< PSH; not looked at where it is not asked for
    bool ack{false};                   //!< ACK
    bool ece{false};                   //!< ECE
    bool cwr{false};                   //!< CWR
    uint32_t seq{0};                   //!< relative to the sender's initial sequence number
    uint32_t length{0};                //!< bytes of payload
    uint32_t ackNumber{0};             //!< relative to the receiver's initial sequence number
    std::optional<uint32_t> window;    //!< the field
    std::optional<uint64_t> data;      //!< offset of the payload in the stream, if said
    std::vector<ScriptOption> options; //!< in order
    bool open{false};                  //!< "...": other options may be there too

    /// @return it as scripts write it
    std::string Print() const;
};

/// An ICMP error about a segment of the host.
struct ScriptIcmp
{
    std::string name;   //!< "frag_needed", ...
    uint64_t mtu{0};    //!< that it tells, 0: none
    uint32_t seq{0};    //!< of the segment, relative to the host's initial sequence number
    uint32_t length{0}; //!< bytes of its payload
};

/// When something happens.
struct ScriptTime
{
    bool relative{true}; //!< to the event before
    int64_t from{0};     //!< nanoseconds
    int64_t to{0};       //!< of a range; as from
    bool anytime{false}; //!< "*"
};

/// A call of the socket API.
struct ScriptCall
{
    std::string name;                   //!< of the function
    std::vector<std::string> arguments; //!< as written
    std::string result;                 //!< number, or "*"
    std::string error;                  //!< name of an errno, if the result is -1
};

/// One line.
struct ScriptEvent
{
    /// What it is.
    enum Kind
    {
        INJECT, //!< "<": a segment or an ICMP error arrives at the host
        EXPECT, //!< ">": the host sends a segment
        CALL,   //!< a call
    };

    Kind kind{CALL};                //!< which
    int line{0};                    //!< where it is written
    ScriptTime time;                //!< when
    std::string flow;               //!< of a segment; empty for the first subflow
    ScriptSegment segment;          //!< of INJECT and EXPECT
    std::optional<ScriptIcmp> icmp; //!< of INJECT, in place of the segment
    ScriptCall call;                //!< of CALL
};

/// Address and port as written; port 0 stands for "*".
struct ScriptEnd
{
    std::string address; //!< text
    uint16_t port{0};    //!< its port
};

/// A four-tuple with a name.
struct ScriptFlow
{
    int line{0};      //!< where it is written
    std::string name; //!< for segments
    ScriptEnd local;  //!< the host's end
    ScriptEnd remote; //!< the other
};

/// A packet script. doc/testing.md describes the language.
struct PacketScript
{
    std::string name;                //!< of the file, for messages
    std::vector<std::string> local;  //!< addresses of the host, one an interface
    std::vector<std::string> remote; //!< addresses of the peer
    uint32_t mtu{1500};              //!< of the interfaces
    int64_t tolerance{1000000};      //!< nanoseconds that a segment may be early or late
    std::vector<std::pair<std::string, std::string>> attributes; //!< of sockets, and defaults
    std::vector<ScriptFlow> flows;                               //!< named ones
    std::vector<ScriptEvent> events;                             //!< in order
};

/// Read a script; throws ScriptError. @param name for messages @param text the script
/// @return it
PacketScript ParsePacketScript(const std::string& name, const std::string& text);

/// Read a number; throws ScriptError. @param text decimal or 0x... @param what it is
/// @param most largest value @return it
uint64_t ParseScriptNumber(const std::string& text, const std::string& what, uint64_t most);

} // namespace ns3

#endif // PACKET_SCRIPT_H
