// SPDX-License-Identifier: GPL-2.0-only
#ifndef CHECKLIST_H
#define CHECKLIST_H

#include "test-rig.h"

#include "ns3/mptcp-connection.h"
#include "ns3/mptcp-endpoints.h"

#include <functional>
#include <set>
#include <string>
#include <tuple>

namespace ns3
{

/// @param node where @param subflows its limit @param accepted its limit @return the endpoints
Ptr<MptcpEndpoints> InstallEndpoints(Ptr<Node> node, uint32_t subflows, uint32_t accepted);

/// What one end has sent, as the counters of a Linux host (`nstat`) would tell it.
struct Tally
{
    uint32_t joinSyns{0};          //!< subflows it asked for
    uint32_t joinSynAcks{0};       //!< subflows it agreed to
    uint32_t joinAcks{0};          //!< subflows whose handshake it completed
    uint32_t backupSyns{0};        //!< joins with flag B in the SYN
    uint32_t backupSynAcks{0};     //!< joins with flag B in the SYN/ACK
    uint32_t addAddrs{0};          //!< ADD_ADDR, repetitions included
    uint32_t addAddrPorts{0};      //!< ... with a port
    uint32_t echoes{0};            //!< echoes of ADD_ADDR
    uint32_t removals{0};          //!< REMOVE_ADDR
    std::set<uint8_t> removedIds;  //!< their identifiers
    uint32_t prios{0};             //!< MP_PRIO
    uint32_t fails{0};             //!< MP_FAIL
    uint32_t fastcloses{0};        //!< MP_FASTCLOSE
    uint32_t resets{0};            //!< subflows that it has reset
    std::set<uint8_t> reasons;     //!< of MP_TCPRST
    uint32_t infiniteMappings{0};  //!< DSS with a length of 0
    std::set<uint16_t> joinPorts;  //!< destination ports of joins
    std::set<std::string> targets; //!< destination addresses of joins, as bytes
};

/// Limits of both ends: `ip mptcp limits`.
struct Limits
{
    uint32_t clientSubflows{2}; //!< of the client
    uint32_t clientAccepted{0}; //!< addresses of the server that the client uses
    uint32_t serverSubflows{2}; //!< of the server
    uint32_t serverAccepted{0}; //!< addresses of the client that the server uses
};

/**
 * One case of the checklist that Linux has for its own MPTCP: client and server with endpoints and
 * limits, one connection, things that happen to it, and what must have been counted at the end.
 */
class Checklist
{
  public:
    static constexpr uint16_t PORT = 80;      //!< of the server
    static constexpr uint64_t SIZE = 2000000; //!< bytes, 1.1 s on three paths of Net()

    /// @param test to report to @param net the network @param limits of both ends
    Checklist(ScenarioTestCase& test, const RigOptions& net, const Limits& limits = {});

    /// @return three paths of 5 Mb/s and three addresses of the server @param ipv6 family
    static RigOptions Net(bool ipv6);

    /// Give the client an endpoint. @param path of its address @param flags letters of s(ignal),
    /// f(rom: subflow), b(ackup), m(esh) @param port advertised with it @return its number
    uint8_t AddClient(uint32_t path, const std::string& flags, uint16_t port = 0);
    /// As AddClient(), of the other family. @param path @param flags as there
    uint8_t AddClientOther(uint32_t path, const std::string& flags);
    /// Give the server an endpoint. @param link of its address @param flags as AddClient()
    /// @param port advertised with it @return its number
    uint8_t AddServer(uint32_t link, const std::string& flags, uint16_t port = 0);
    /// As AddServer(), of the other family. @param link @param flags as there
    uint8_t AddServerOther(uint32_t link, const std::string& flags);
    /// Give the server an endpoint that nobody can reach. @param number of several
    /// @param flags as AddClient() @return its number
    uint8_t AddUnreachable(uint32_t number, const std::string& flags);

    /// Do something. @param at when @param action what
    static void At(Time at, std::function<void()> action);
    /// Lose segments of a kind. @param way direction @param match which segments
    /// @param count how many of them are lost on each path
    void Lose(FilterChannel::Direction way, WireMatch match, uint32_t count);
    /// @return the client's connection
    Ptr<MptcpConnection> GetClient() const;
    /// @return the server's connection
    Ptr<MptcpConnection> GetServer() const;
    /// @param path of the client @return payload bytes that the data's sender has put there so far
    uint64_t GetBytes(uint32_t path) const;

    /// Look at the subflows that can carry data. @param at when @param client how many it should
    /// have @param server how many it should have
    void ExpectSubflows(Time at, uint32_t client, uint32_t server);
    /// Run the connection; each byte must arrive and nothing may be left. @param until at most
    void Run(Time until = Seconds(300));
    /// As Run(), without looking at what has arrived. @param until at most
    void RunOnly(Time until = Seconds(300));
    /// @param asked subflows that the client asked for @param agreed by the server
    /// @param completed by the client
    void ExpectJoins(uint32_t asked, uint32_t agreed, uint32_t completed);

    TestRig rig;                         //!< the network
    EndpointOptions client;              //!< what the client does; sends SIZE bytes
    EndpointOptions server;              //!< what the server does
    Tally clientTally;                   //!< what the client has sent
    Tally serverTally;                   //!< what the server has sent
    Ptr<MptcpEndpoints> clientEndpoints; //!< the client's
    Ptr<MptcpEndpoints> serverEndpoints; //!< the server's

  private:
    /// A subflow: addresses and ports of a segment.
    using Subflow =
        std::tuple<std::array<uint8_t, 16>, uint16_t, std::array<uint8_t, 16>, uint16_t>;

    /// Subflows that an end has sent some step of MP_JOIN on, or a RST.
    struct Joins
    {
        std::set<Subflow> syns;    //!< SYN
        std::set<Subflow> synAcks; //!< SYN/ACK
        std::set<Subflow> acks;    //!< third ACK
        std::set<Subflow> resets;  //!< RST
    };

    /// @param tally of the sender @param joins of the sender @param segment sent
    static void Count(Tally& tally, Joins& joins, const WireSegment& segment);
    /// @param address it @param flags letters @param port advertised @return the endpoint
    static MptcpEndpoint Make(const IpAddress& address, const std::string& flags, uint16_t port);

    ScenarioTestCase& m_test;                //!< to report to
    bool m_ipv6;                             //!< main family
    Joins m_clientJoins;                     //!< the client's
    Joins m_serverJoins;                     //!< the server's
    std::map<uint32_t, uint64_t> m_bytes[2]; //!< by direction and path
};

/// Joins, limits, backups, full mesh: who opens subflows. @param suite to add cases to
void AddChecklistJoins(ScenarioTestSuite& suite);
/// Advertised and removed addresses, endpoints that change. @param suite to add cases to
void AddChecklistAddresses(ScenarioTestSuite& suite);
/// Failing links, fast close, changed data, manual control. @param suite to add cases to
void AddChecklistRecovery(ScenarioTestSuite& suite);

} // namespace ns3

#endif // CHECKLIST_H
