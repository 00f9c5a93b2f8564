// SPDX-License-Identifier: GPL-2.0-only
#ifndef ATTACK_SCENE_H
#define ATTACK_SCENE_H

#include "recorded-transfer.h"

#include "ns3/mptcp-l4-protocol.h"
#include "ns3/segment-forger.h"

#include <random>

namespace ns3
{

/**
 * A rig with a connection and an attacker, who has a link of 100 Mb/s of its own to the rig's
 * router: off the path, and blind but for what a test tells it.
 */
class AttackScene
{
  public:
    static constexpr uint16_t PORT = 80; //!< of the server

    /// @param options of the rig
    explicit AttackScene(const RigOptions& options);

    /// What was last on the first path, as its sender sent it.
    struct Seen
    {
        uint32_t next{0};                //!< sequence number behind it
        uint32_t ack{0};                 //!< acknowledgment number
        uint64_t key{0};                 //!< of MP_CAPABLE
        uint16_t port{0};                //!< source port
        uint16_t window{0};              //!< field
        std::vector<uint8_t> timestamps; //!< option, with two NOPs before it; or empty
    };

    /// What an end of the connection has made of it.
    struct Fate
    {
        uint32_t established{0}; //!< subflows that were ready for data
        uint32_t lost{0};        //!< those of them that ended before both ends had read the end
        uint32_t priorities{0};  //!< changes of a subflow's priority
        uint32_t challenges{0};  //!< ACKs without data that forged segments have got out of it
    };

    /// @param number of several @return an address of the attacker's network
    IpAddress GetAttacker(uint32_t number) const;
    /// @return a random number
    uint32_t Random();
    /// @param size bytes @return random ones
    std::vector<uint8_t> RandomBytes(size_t size);
    /// @param number of several sources and ports @return a SYN to the server
    TcpFrame MakeSyn(uint64_t number);
    /// @param toServer direction @return an ACK of the first subflow as its sender would send it,
    /// without MPTCP
    TcpFrame MakeSpoofed(bool toServer);
    /// @param node of the rig @return its subflows in the table
    static size_t CountEndpoints(Ptr<Node> node);

    /// Attack from a time on. @param at when @param rate packets per second @param count of them
    /// @param maker makes them
    void Flood(Time at, double rate, uint64_t count, SegmentForger::Maker maker);
    /// Carry text both ways and attack. @param test to report to @param size bytes each way
    void Run(ScenarioTestCase& test, size_t size);

    RigOptions options;        //!< of the rig
    TestRig rig;               //!< network
    RecordedTransfer transfer; //!< the connection attacked
    Ptr<SegmentForger> forger; //!< the attacker
    Seen client;               //!< sends to the server
    Seen server;               //!< sends to the client
    Fate ofClient;             //!< the client's connection
    Fate ofServer;             //!< the server's connections
    uint32_t resets{0};        //!< RSTs at the attacker's link
    uint32_t synAcks{0};       //!< SYN/ACKs there
    uint32_t syns{0};          //!< SYNs there
    uint64_t bytes{0};         //!< payload there
    std::mt19937 random{12};   //!< the attacker's

  private:
    /// Follow an end's connections. @param node of the rig @param fate fills it in
    void WatchConnections(Ptr<Node> node, Fate& fate);
    /// Count what forged segments get out of an end. @param channel whose first device is the
    /// end's @param fate fills it in
    void WatchChallenges(Ptr<FilterChannel> channel, Fate& fate);
};

/// @param subtype of MPTCP @param low bits beside it @param rest behind them
/// @return the option's bytes
std::vector<uint8_t> MakeMptcp(uint8_t subtype, uint8_t low, const std::vector<uint8_t>& rest);

} // namespace ns3

#endif // ATTACK_SCENE_H
