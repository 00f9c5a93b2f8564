// SPDX-License-Identifier: GPL-2.0-only
#ifndef CHAOS_PLAN_H
#define CHAOS_PLAN_H

#include "filter-channel.h"
#include "test-rig.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/// Something that happens in a run, or is so from its beginning. Each can be left out of a plan.
enum class ChaosAction
{
    // On a path, all the time
    LOSS,         //!< segments are lost one by one
    BURSTS,       //!< segments are lost in a row
    REORDER,      //!< segments are late
    DUPLICATE,    //!< segments arrive twice
    FLIP_HEADER,  //!< a bit of the TCP header is turned, options included
    FLIP_PAYLOAD, //!< a bit of the payload is turned
    QUEUE_DISC,   //!< both ends of the path have a queue disc
    MIDDLEBOX,    //!< a box looks at all segments

    // On a path, for some time
    SILENCE,   //!< nothing arrives
    DOWN,      //!< the client's interface is down
    READDRESS, //!< the client's address goes, and another one comes

    // At an end of a connection
    ATTRIBUTE,     //!< of its socket
    STOP_WRITER,   //!< for some time
    STOP_READER,   //!< for some time
    SHUTDOWN,      //!< it sends no more
    CLOSE,         //!< it closes
    RESET,         //!< it aborts
    CLOSE_SUBFLOW, //!< one of its subflows
    SET_PRIORITY,  //!< of one of its subflows
};

/// One of them, with what it needs to know.
struct ChaosEvent
{
    ChaosAction action{ChaosAction::LOSS}; //!< what
    uint32_t place{0}; //!< number of the path, or of the end: see ChaosPlan::End()
    FilterChannel::Direction direction{FilterChannel::UP}; //!< on the path
    Time at;                                               //!< when
    Time span;                                             //!< for how long, at most
    double probability{0};                                 //!< of a segment
    uint32_t pick{0};                                      //!< which subflow, modulo their number
    std::string name;                                      //!< of the attribute
    std::string
        value; //!< of the attribute; class of the queue disc or box; what to do to the subflow
    TestAttributes attributes; //!< of the box

    /// @return as a line
    std::string Print() const;
};

/// What one end of a connection does if no event changes it.
struct ChaosEndPlan
{
    /// When it closes.
    enum class Ending
    {
        SHUTDOWN_FIRST, //!< ShutdownSend behind its last byte, Close at the peer's end
        CLOSE_AT_END,   //!< Close at the peer's end, if all is sent
        CLOSE_FIRST,    //!< Close right behind its last byte
    };

    uint64_t bytes{0};                     //!< that it sends
    uint32_t writeSize{1};                 //!< most bytes per Send()
    uint32_t readSize{1};                  //!< most bytes per Recv()
    Ending ending{Ending::SHUTDOWN_FIRST}; //!< see Ending
    bool stock{false};                     //!< ns-3's own TCP
};

/// All that a run consists of.
struct ChaosPlan
{
    uint64_t seed{0};               //!< from which it was drawn
    RigOptions net;                 //!< the network
    std::vector<ChaosEndPlan> ends; //!< of connection n: 2n is the client's, 2n + 1 the server's
    bool endpoints{false};          //!< the client has endpoints, for the path manager of that name
    std::vector<ChaosEvent> events; //!< what happens

    /// @param path a number @return IPv4 and IPv6 address that a translator on it can use
    static std::pair<std::string, std::string> GetOutside(uint32_t path);
    /// @param end number @return its name
    static std::string NameEnd(uint32_t end);
    /// Leave out all events but some. @param kept their numbers, from 1
    void Keep(const std::set<uint32_t>& kept);
    /// @return as lines; each event has its number
    std::string Print() const;

    /// The number of an event stays what it was when others are left out.
    std::vector<uint32_t> numbers;
};

/// @param seed any @return the plan that it stands for
ChaosPlan DrawChaosPlan(uint64_t seed);

} // namespace ns3

#endif // CHAOS_PLAN_H
