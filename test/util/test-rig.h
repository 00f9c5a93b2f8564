// SPDX-License-Identifier: GPL-2.0-only
#ifndef TEST_RIG_H
#define TEST_RIG_H

#include "filter-channel.h"
#include "test-endpoint.h"

#include "ns3/ipv4-static-routing.h"
#include "ns3/ipv6-static-routing.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/tcp-tuple.h"
#include "ns3/test.h"

#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace ns3
{

/// @param address with a port @return it without the port
IpAddress WithoutPort(const Address& address);
/// @param address with a port @return it without the port, as text
std::string ToText(const Address& address);

/// One access link of the client.
struct PathOptions
{
    std::string rate{"20Mbps"};   //!< of both directions
    Time delay{MilliSeconds(10)}; //!< one way
    uint32_t queue{100};          //!< packets, DropTail, at both ends
    uint16_t mtu{1500};           //!< of both devices
};

/// The network and what runs on its nodes.
struct RigOptions
{
    std::vector<PathOptions> paths{PathOptions{}}; //!< the client's links
    bool ipv6{false};                              //!< addresses of this family only
    bool bothFamilies{false};                      //!< of the other one, too
    uint32_t serverAddresses{1};                   //!< links and addresses of the server
    bool clientModule{true};                       //!< the module is on the client
    bool serverModule{true};                       //!< the module is on the server
    bool checksums{false};                         //!< nodes compute and check checksums
    uint64_t run{1};                               //!< of ns-3's random numbers
};

/**
 * Client, router and server: client with one link per path, with a middlebox on each; server with
 * one fast link per address. No queue discs. All of the simulation ends with the object.
 */
class TestRig
{
  public:
    /// @param options the network
    explicit TestRig(const RigOptions& options = {});
    ~TestRig();
    TestRig(const TestRig&) = delete;
    TestRig& operator=(const TestRig&) = delete;

    /// @param path a number from 0 @return its middlebox; UP is from client to router
    Ptr<FilterChannel> Path(uint32_t path) const;
    /// @return number of paths
    uint32_t CountPaths() const;
    /// @param link a number from 0 @return its middlebox; UP is from server to router
    Ptr<FilterChannel> ServerLink(uint32_t link) const;
    /// Add a rule to each path. @param direction which @param rule makes one for a path's number
    void OnAllPaths(FilterChannel::Direction direction, std::function<WireRule(uint32_t)> rule);

    /// @param path a number @param port a port @return client's address and the port
    Address GetClientAddress(uint32_t path, uint16_t port) const;
    /// @param link a number @param port a port @return server's address and the port
    Address GetServerAddress(uint32_t link, uint16_t port) const;

    /// @param path a number @param ipv6 family @return client's address
    static IpAddress GetClientIp(uint32_t path, bool ipv6);
    /// @param link a number @param ipv6 family @return server's address
    static IpAddress GetServerIp(uint32_t link, bool ipv6);

    /// @return the client
    Ptr<Node> GetClient() const;
    /// @return the server
    Ptr<Node> GetServer() const;

    /**
     * Accept connections on the server.
     * @param port where
     * @param options what each accepted end does
     * @param stock by ns-3's own TCP although the module is there
     * @return the listening socket
     */
    Ptr<Socket> Listen(uint16_t port, const EndpointOptions& options, bool stock = false);

    /**
     * Open a connection from the client.
     * @param port of the server
     * @param options what the client does
     * @param at when
     * @param stock by ns-3's own TCP although the module is there
     * @param path whose address to bind to; -1 leaves that to routing
     * @param link which address of the server
     * @return the client's end
     */
    TestEndpoint& Connect(uint16_t port,
                          const EndpointOptions& options,
                          Time at = MilliSeconds(10),
                          bool stock = false,
                          int path = -1,
                          uint32_t link = 0);

    /// Take an interface of the client down, or up as it was. @param path which @param up which
    void SetInterface(uint32_t path, bool up);
    /// Take an address from the client. @param path which
    void RemoveAddress(uint32_t path);
    /// Give the client an address again. @param path whose
    void RestoreAddress(uint32_t path);

    /// Run. @param until simulated time at most
    void Run(Time until);

    /**
     * To be asked at the end of a test whose connections should be over.
     * @return empty if nothing is left on the nodes and no event waits, or what there is
     */
    std::string GetLeftovers() const;

    std::vector<std::unique_ptr<TestEndpoint>> opened;   //!< the client's ends
    std::vector<std::unique_ptr<TestEndpoint>> accepted; //!< the server's ends

  private:
    /// @param node where @param stock which @return a new socket
    Ptr<Socket> CreateSocket(Ptr<Node> node, bool stock) const;
    /// @param socket new @param from whom
    void OnAccept(Ptr<Socket> socket, const EndpointOptions& options);
    /// Add a link. @param left @param right its ends @param path properties
    /// @param prefix number of its network @return its middlebox
    Ptr<FilterChannel>
    AddLink(Ptr<Node> left, Ptr<Node> right, const PathOptions& path, uint32_t prefix);
    /// Give a device its address. @param device it @param prefix number of its network
    /// @param host number in it @param ipv6 family
    void AddAddress(Ptr<NetDevice> device, uint32_t prefix, uint32_t host, bool ipv6) const;
    /// @param prefix number of a network @param host number in it @param ipv6 family
    /// @return the address
    static IpAddress MakeIp(uint32_t prefix, uint32_t host, bool ipv6);
    /// @param prefix number of a network @param host number in it @param port a port
    /// @return address of the main family and port
    Address MakeAddress(uint32_t prefix, uint32_t host, uint16_t port) const;
    /// @param ipv6 a family @return whether there are addresses of it
    bool Has(bool ipv6) const;
    /// Route by a link. @param node where @param prefix its network @param interface number on the
    /// node @param metric of the route
    void AddDefaultRoute(Ptr<Node> node, uint32_t prefix, uint32_t interface, uint32_t metric);

    RigOptions m_options;                    //!< the network
    Ptr<Node> m_client;                      //!< client
    Ptr<Node> m_router;                      //!< router
    Ptr<Node> m_server;                      //!< server
    std::vector<Ptr<FilterChannel>> m_paths; //!< client's
    std::vector<Ptr<FilterChannel>> m_links; //!< server's
    Ptr<Ipv4StaticRouting> m_clientRoutes4;  //!< client's routes
    Ptr<Ipv6StaticRouting> m_clientRoutes6;  //!< client's routes
    std::vector<Ptr<Socket>> m_listeners;    //!< server's
};

/**
 * A test case whose body is a function, so that a suite is a list of sentences. The simulation's
 * state and ns-3's defaults are as new for each.
 */
class ScenarioTestCase : public TestCase
{
  public:
    /// What a case does.
    using Body = std::function<void(ScenarioTestCase& test)>;

    /// @param name a sentence @param body what to do
    ScenarioTestCase(const std::string& name, Body body);

    /// @param ok what must be @param what it is about
    void Expect(bool ok, const std::string& what);

    /// @param actual value @param expected value @param what it is about
    template <typename T, typename U>
    void ExpectEqual(const T& actual, const U& expected, const std::string& what)
    {
        if (!(actual == T(expected)))
        {
            std::ostringstream text;
            text << what << ": " << actual << ", not " << T(expected);
            Expect(false, text.str());
        }
    }

    /// @param rig its @param client one of its opened ends @return the server's, or nullptr
    static TestEndpoint* FindPeer(const TestRig& rig, const TestEndpoint& client);

    /// Both ends of each connection got what they wanted. @param rig theirs
    /// @param connections how many there should be
    void ExpectAllDelivered(const TestRig& rig, size_t connections = 1);

    /// ExpectAllDelivered(), and nothing is left. @param rig it @param connections how many
    void ExpectDone(const TestRig& rig, size_t connections = 1);

  private:
    void DoRun() override;

    Body m_body; //!< what to do
};

/// A suite of such cases.
class ScenarioTestSuite : public TestSuite
{
  public:
    /// @param name of the suite
    explicit ScenarioTestSuite(const std::string& name);
    /// @param name a sentence @param body what it does
    void Add(const std::string& name, ScenarioTestCase::Body body);
    /// As Add(), for what takes minutes. @param name a sentence @param body what it does
    void AddSlow(const std::string& name, ScenarioTestCase::Body body);
};

} // namespace ns3

#endif // TEST_RIG_H
