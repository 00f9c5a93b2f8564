// SPDX-License-Identifier: GPL-2.0-only
// Policies decide as their documents say: path managers on fakes.
#include "fake-subflow.h"
#include "test-rig.h"

#include "ns3/mptcp-endpoint-path-manager.h"
#include "ns3/mptcp-path-manager.h"
#include "ns3/mptcp-segment-paths.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <sstream>

namespace ns3
{

namespace
{

/// A connection that writes down what it is asked for.
class FakeControl : public MptcpPathControl
{
  public:
    bool client{true};                       //!< which end
    std::vector<IpAddress> locals;           //!< own addresses
    std::vector<RemoteAddress> remotes;      //!< the peer's
    std::vector<Ptr<MptcpSubflow>> subflows; //!< living
    Ptr<MptcpEndpoints> endpoints;           //!< of the node
    std::vector<std::string> calls;          //!< what was asked for
    /// Segments of subflows.
    std::vector<std::pair<Ptr<MptcpSubflow>, std::vector<Ipv6Address>>> paths;

    /// @param local @param remote of a subflow that is there
    void AddSubflow(const std::string& local, const std::string& remote)
    {
        subflows.push_back(CreateObject<FakeSubflow>(TcpTuple{Ip(local), Ip(remote), 1, 2}));
    }

    /// @return what was asked for since the last time, in one line
    std::string Take()
    {
        std::string all;
        for (const auto& call : calls)
        {
            all += (all.empty() ? "" : "; ") + call;
        }
        calls.clear();
        return all;
    }

    bool IsClient() const override
    {
        return client;
    }

    std::vector<IpAddress> GetLocalAddresses() const override
    {
        return locals;
    }

    std::vector<RemoteAddress> GetRemoteAddresses() const override
    {
        return remotes;
    }

    std::vector<Ptr<MptcpSubflow>> GetSubflows() const override
    {
        return subflows;
    }

    Ptr<MptcpEndpoints> GetEndpoints() const override
    {
        return endpoints;
    }

    Ptr<MptcpSubflow> OpenSubflow(const IpAddress& local, const RemoteAddress& remote) override
    {
        std::ostringstream text;
        text << "open " << local << " " << remote.address;
        calls.push_back(text.str());
        subflows.push_back(
            CreateObject<FakeSubflow>(TcpTuple{local, remote.address, 1, remote.port}));
        return subflows.back();
    }

    Ptr<MptcpSubflow> OpenSubflowBy(const IpAddress& local,
                                    const RemoteAddress& remote,
                                    const std::vector<Ipv6Address>& segments) override
    {
        std::ostringstream text;
        text << "open by " << segments.front();
        calls.push_back(text.str());
        subflows.push_back(
            CreateObject<FakeSubflow>(TcpTuple{local, remote.address, 1, remote.port}));
        paths.emplace_back(subflows.back(), segments);
        return subflows.back();
    }

    std::vector<Ipv6Address> GetSegmentsOf(const MptcpSubflow& subflow) const override
    {
        for (const auto& [known, segments] : paths)
        {
            if (PeekPointer(known) == &subflow)
            {
                return segments;
            }
        }
        return {};
    }

    /// The last subflow ends. @param manager hears of it @param end why
    /// @return what is asked for then, until nothing is to come
    std::string End(MptcpPathManager& manager, const SubflowEnd& end)
    {
        const Ptr<MptcpSubflow> last = subflows.back();
        subflows.pop_back();
        manager.OnSubflowEnded(*this, *last, end);
        Simulator::Run();
        return Take();
    }

    void Advertise(const IpAddress& address, uint16_t) override
    {
        std::ostringstream text;
        text << "advertise " << address;
        calls.push_back(text.str());
    }

    void Withdraw(const IpAddress& address) override
    {
        std::ostringstream text;
        text << "withdraw " << address;
        calls.push_back(text.str());
    }
};

/// RFC 8684 sections 3.6 and 3.9.3: what is tried again, and how often.
void
AddRetries(ScenarioTestSuite& suite)
{
    struct Case
    {
        const char* name;
        SubflowEnd end;
    };

    SubflowEnd refused;
    refused.error = Socket::ERROR_NOTCONN;
    refused.refused = true;
    SubflowEnd failed;
    failed.error = Socket::ERROR_NOTCONN;
    failed.joinFailed = true;
    SubflowEnd permanent;
    permanent.error = Socket::ERROR_NOTCONN;
    permanent.established = true;
    permanent.resetByPeer = true;
    permanent.reason = MpTcpRst{0, MPTCP_RST_PROHIBITED};
    for (const auto& entry : {Case{"was refused", refused},
                              Case{"failed to join", failed},
                              Case{"was reset for good", permanent}})
    {
        suite.Add(std::string("full mesh: where a subflow ") + entry.name +
                      " none is opened before the peer repeats its ADD_ADDR",
                  [=](ScenarioTestCase& test)
                  {
                      FakeControl control;
                      control.locals = {Ip("10.0.0.1"), Ip("10.0.1.1")};
                      control.remotes = {{0, Ip("10.1.0.1"), 80}};
                      control.subflows.push_back(CreateObject<FakeSubflow>(
                          TcpTuple{Ip("10.0.0.1"), Ip("10.1.0.1"), 1, 80}));
                      auto manager = CreateObject<MptcpFullMesh>();
                      manager->OnConnected(control);
                      control.Take();
                      test.ExpectEqual(control.End(*manager, entry.end), "", "it ends");
                      control.locals.push_back(Ip("10.0.2.1"));
                      manager->OnLocalAddress(control, Ip("10.0.2.1"), true);
                      test.ExpectEqual(control.Take(), "open 10.0.2.1 10.1.0.1", "another address");
                      control.remotes.push_back({1, Ip("10.1.1.1"), 80});
                      manager->OnRemoteAddress(control, control.remotes.back());
                      test.ExpectEqual(control.Take(),
                                       "open 10.0.0.1 10.1.1.1; open 10.0.1.1 10.1.1.1; "
                                       "open 10.0.2.1 10.1.1.1",
                                       "an ADD_ADDR of another one");
                      manager->OnRemoteAddress(control, control.remotes.front());
                      test.ExpectEqual(control.Take(), "open 10.0.1.1 10.1.0.1", "its ADD_ADDR");
                  });
        suite.Add(std::string("segment paths: the path of a subflow that ") + entry.name +
                      " is not opened again",
                  [=](ScenarioTestCase& test)
                  {
                      FakeControl control;
                      control.locals = {Ip("2001:db8::1")};
                      control.remotes = {{0, Ip("2001:db8::2"), 80}};
                      control.AddSubflow("2001:db8::1", "2001:db8::2");
                      auto manager = CreateObjectWithAttributes<MptcpSegmentPaths>(
                          "SegmentLists", StringValue(";fc00:2::;fc00:3::"));
                      manager->OnConnected(control);
                      test.ExpectEqual(control.Take(), "open by fc00:2::; open by fc00:3::", "two");
                      test.ExpectEqual(control.End(*manager, entry.end), "", "it ends");
                      SubflowEnd broken;
                      broken.error = Socket::ERROR_NOTCONN;
                      broken.established = true;
                      test.ExpectEqual(control.End(*manager, broken),
                                       "open by fc00:2::",
                                       "the other one breaks");
                  });
    }
    suite.Add("full mesh: of an address that the peer has removed nothing is remembered",
              [=](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.locals = {Ip("10.0.0.1")};
                  control.remotes = {{0, Ip("10.1.0.1"), 80}, {1, Ip("10.1.1.1"), 80}};
                  auto manager = CreateObject<MptcpFullMesh>();
                  manager->OnConnected(control);
                  test.ExpectEqual(
                      control.Take(), "open 10.0.0.1 10.1.0.1; open 10.0.0.1 10.1.1.1", "to both");
                  test.ExpectEqual(control.End(*manager, refused), "", "one refuses");
                  const RemoteAddress removed = control.remotes.back();
                  control.remotes.pop_back();
                  SubflowEnd broken;
                  broken.error = Socket::ERROR_NOTCONN;
                  test.ExpectEqual(
                      control.End(*manager, broken), "open 10.0.0.1 10.1.0.1", "another ends");
                  control.remotes.push_back(removed);
                  manager->OnLocalAddress(control, Ip("10.0.0.1"), true);
                  test.ExpectEqual(control.Take(), "open 10.0.0.1 10.1.1.1", "it is there anew");
                  control.remotes.pop_back();
                  test.ExpectEqual(
                      control.End(*manager, broken), "", "what ends with its address has no retry");
              });
    suite.Add(
        "full mesh: a subflow that breaks is opened again, six times in a row at most",
        [](ScenarioTestCase& test)
        {
            FakeControl control;
            control.locals = {Ip("10.0.0.1")};
            control.remotes = {{0, Ip("10.1.0.1"), 80}};
            auto manager = CreateObject<MptcpFullMesh>();
            manager->OnConnected(control);
            control.Take();
            // That TCP has measured a round trip is no success yet.
            const TcpTuple tuple{Ip("10.0.0.1"), Ip("10.1.0.1"), 1, 80};
            control.subflows = {CreateObject<FakeSubflow>(tuple, MilliSeconds(20))};
            SubflowEnd broken;
            broken.error = Socket::ERROR_NOTCONN;
            const Time begin = Simulator::Now();
            for (uint32_t i = 0; i < 6; i++)
            {
                test.ExpectEqual(control.End(*manager, broken), "open 10.0.0.1 10.1.0.1", "again");
                control.subflows = {CreateObject<FakeSubflow>(tuple, MilliSeconds(20))};
            }
            test.ExpectEqual((Simulator::Now() - begin).GetSeconds(), 63.0, "seconds: ever later");
            test.ExpectEqual(control.End(*manager, broken), "", "given up");
            control.AddSubflow("10.0.0.1", "10.1.0.1");
            broken.established = true;
            test.ExpectEqual(
                control.End(*manager, broken), "open 10.0.0.1 10.1.0.1", "after a success");
        });
}

/// Path managers.
void
AddPathManagers(ScenarioTestSuite& suite)
{
    suite.Add("full mesh: the connecting end opens each pair that is missing, by family",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.locals = {Ip("10.0.0.1"), Ip("10.0.1.1"), Ip("2001:db8::1")};
                  control.remotes = {{0, Ip("10.1.0.1"), 80}, {1, Ip("10.1.1.1"), 80}};
                  control.AddSubflow("10.0.0.1", "10.1.0.1");
                  auto manager = CreateObject<MptcpFullMesh>();
                  manager->OnConnected(control);
                  test.ExpectEqual(control.Take(),
                                   "open 10.0.0.1 10.1.1.1; open 10.0.1.1 10.1.0.1; "
                                   "open 10.0.1.1 10.1.1.1",
                                   "what it opens");
                  manager->OnConnected(control);
                  test.ExpectEqual(control.Take(), "", "nothing twice");
              });
    suite.Add("full mesh: the accepting end advertises the addresses not in use and opens nothing",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.client = false;
                  control.locals = {Ip("10.1.0.1"), Ip("10.1.1.1")};
                  control.remotes = {{0, Ip("10.0.0.1"), 4000}};
                  control.AddSubflow("10.1.0.1", "10.0.0.1");
                  auto manager = CreateObject<MptcpFullMesh>();
                  manager->OnConnected(control);
                  test.ExpectEqual(control.Take(), "advertise 10.1.1.1", "what it says");
              });
    suite.Add("full mesh: an address that comes is used, one that goes is withdrawn",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.locals = {Ip("10.0.0.1")};
                  control.remotes = {{0, Ip("10.1.0.1"), 80}};
                  control.AddSubflow("10.0.0.1", "10.1.0.1");
                  auto manager = CreateObject<MptcpFullMesh>();
                  control.locals.push_back(Ip("10.0.1.1"));
                  manager->OnLocalAddress(control, Ip("10.0.1.1"), true);
                  test.ExpectEqual(control.Take(), "open 10.0.1.1 10.1.0.1", "up");
                  control.locals.pop_back();
                  control.subflows.pop_back();
                  manager->OnLocalAddress(control, Ip("10.0.1.1"), false);
                  test.ExpectEqual(control.Take(), "withdraw 10.0.1.1", "down");
                  RemoteAddress remote{3, Ip("10.1.3.1"), 80};
                  control.remotes.push_back(remote);
                  manager->OnRemoteAddress(control, remote);
                  test.ExpectEqual(control.Take(), "open 10.0.0.1 10.1.3.1", "ADD_ADDR");
              });
    suite.Add("ndiffports: as many subflows as asked for between the first one's addresses",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.locals = {Ip("10.0.0.1"), Ip("10.0.1.1")};
                  control.remotes = {{0, Ip("10.1.0.1"), 80}};
                  control.AddSubflow("10.0.0.1", "10.1.0.1");
                  auto manager =
                      CreateObjectWithAttributes<MptcpNdiffports>("Subflows", UintegerValue(3));
                  manager->OnConnected(control);
                  test.ExpectEqual(
                      control.Take(), "open 10.0.0.1 10.1.0.1; open 10.0.0.1 10.1.0.1", "two more");
                  control.client = false;
                  control.subflows.resize(1);
                  manager->OnConnected(control);
                  test.ExpectEqual(control.Take(), "", "the accepting end opens nothing");
              });
    suite.Add("ndiffports: an address that goes is withdrawn, and all subflows begin from the next",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.locals = {Ip("10.0.0.1")};
                  control.remotes = {{0, Ip("10.1.0.1"), 80}};
                  control.AddSubflow("10.0.0.1", "10.1.0.1");
                  auto manager =
                      CreateObjectWithAttributes<MptcpNdiffports>("Subflows", UintegerValue(2));
                  manager->OnConnected(control);
                  control.Take();
                  manager->OnLocalAddress(control, Ip("10.0.1.1"), true);
                  test.ExpectEqual(control.Take(), "", "one more address is of no use");
                  manager->OnLocalAddress(control, Ip("10.0.0.1"), false);
                  test.ExpectEqual(control.Take(), "withdraw 10.0.0.1", "down");
                  control.subflows.clear();
                  manager->OnLocalAddress(control, Ip("2001:db8::1"), true);
                  test.ExpectEqual(control.Take(), "", "the other family");
                  manager->OnLocalAddress(control, Ip("10.0.1.1"), true);
                  test.ExpectEqual(
                      control.Take(), "open 10.0.1.1 10.1.0.1; open 10.0.1.1 10.1.0.1", "up");
              });
    suite.Add("endpoints: an address that the peer removes makes room for another one",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.locals = {Ip("10.0.0.1")};
                  control.remotes = {{0, Ip("10.1.0.1"), 80}};
                  control.AddSubflow("10.0.0.1", "10.1.0.1");
                  control.endpoints = CreateObjectWithAttributes<MptcpEndpoints>(
                      "SubflowLimit", UintegerValue(8), "AddAddrAccepted", UintegerValue(1));
                  auto manager = CreateObject<MptcpEndpointPathManager>();
                  manager->OnConnected(control);
                  const auto advertise = [&](const RemoteAddress& remote)
                  {
                      control.remotes.push_back(remote);
                      manager->OnRemoteAddress(control, remote);
                      return control.Take();
                  };
                  test.ExpectEqual(
                      advertise({1, Ip("10.1.1.1"), 80}), "open 10.0.0.1 10.1.1.1", "the first");
                  test.ExpectEqual(advertise({2, Ip("10.1.2.1"), 80}), "", "one is accepted");
                  control.remotes.resize(1);
                  control.subflows.resize(1);
                  test.ExpectEqual(advertise({3, Ip("10.1.3.1"), 80}),
                                   "open 10.0.0.1 10.1.3.1",
                                   "the first is gone");
                  test.ExpectEqual(advertise({4, Ip("10.1.4.1"), 80}), "", "one is accepted");
              });
    suite.Add("no path manager: nothing happens by itself",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.locals = {Ip("10.0.0.1"), Ip("10.0.1.1")};
                  control.remotes = {{0, Ip("10.1.0.1"), 80}};
                  control.AddSubflow("10.0.0.1", "10.1.0.1");
                  auto manager = CreateObject<MptcpNoPathManager>();
                  manager->OnConnected(control);
                  manager->OnLocalAddress(control, Ip("10.0.1.1"), false);
                  manager->OnRemoteAddress(control, control.remotes.front());
                  test.ExpectEqual(control.Take(), "", "calls");
              });
}

/// The suite.
class MptcpPolicyTestSuite : public ScenarioTestSuite
{
  public:
    MptcpPolicyTestSuite()
        : ScenarioTestSuite("mptcp-policy")
    {
        AddPathManagers(*this);
        AddRetries(*this);
    }
} g_mptcpPolicyTestSuite; //!< registers itself

} // namespace

} // namespace ns3
