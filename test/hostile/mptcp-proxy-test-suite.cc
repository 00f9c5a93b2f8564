// SPDX-License-Identifier: GPL-2.0-only
// Proxies that acknowledge by themselves (RFC 8684 section 6).
#include "middlebox-scene.h"

#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"

#include <array>
#include <tuple>

namespace ns3
{

namespace
{

using namespace middleboxes;

/// @param address an address @return as WireSegment has it
std::array<uint8_t, 16>
GetBytes(const IpAddress& address)
{
    std::array<uint8_t, 16> bytes{};
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        v4->Serialize(bytes.data());
    }
    else
    {
        std::get<Ipv6Address>(address).Serialize(bytes.data());
    }
    return bytes;
}

/// Proxies that acknowledge by themselves.
std::vector<Scene>
GetProxyScenes()
{
    Scene all;
    all.name = "a proxy acknowledges the data of all paths";
    all.boxes = [](auto& helper, uint32_t) { helper.Add("ns3::AcknowledgingBox"); };
    all.outcome = Outcome::FALLBACK;
    Scene second = all;
    second.name = "a proxy acknowledges the data of the second path";
    second.path = 1;
    second.outcome = Outcome::MULTIPATH;
    Scene losing = second;
    losing.name = "a proxy acknowledges data of the second path that is lost behind it";
    losing.arrange = [](TestRig& rig)
    {
        rig.ServerLink(0)->AddRule(
            FilterChannel::DOWN,
            DropEvery(
                [](const WireSegment& segment)
                {
                    return HasPayload(segment) &&
                           (segment.source == GetBytes(TestRig::GetClientIp(1, false)) ||
                            segment.source == GetBytes(TestRig::GetClientIp(1, true)));
                },
                20));
    };
    return {all, second, losing};
}

/// @param rig whose path gets a proxy that acknowledges by itself @return the links that have one
std::vector<Ptr<MiddleboxLink>>
InstallProxy(TestRig& rig)
{
    Scene scene;
    scene.boxes = [](MiddleboxHelper& helper, uint32_t) { helper.Add("ns3::AcknowledgingBox"); };
    return InstallBoxes(rig, scene);
}

/// Through a proxy that acknowledges by itself, on the only path, the server falls back. If it has
/// no more data then to carry the infinite mapping, the client's DATA_FIN still needs an answer.
void
AddProxiesBeforeSilence(ScenarioTestSuite& suite)
{
    const std::tuple<const char*, size_t, size_t> sizes[] = {{"the server's only byte", 0, 1},
                                                             {"the client's only byte", 1, 0},
                                                             {"a byte each way", 1, 1}};
    for (const auto& [name, up, down] : sizes)
    {
        suite.Add(std::string("a proxy acknowledges ") + name + ", and the client closes later",
                  [up = up, down = down](ScenarioTestCase& test)
                  {
                      TestRig rig;
                      const auto links = InstallProxy(rig);
                      EndpointOptions server;
                      server.send = down;
                      server.expect = up;
                      server.ending = EndpointOptions::Ending::CLOSE_AT_EOF;
                      EndpointOptions client;
                      client.send = up;
                      client.expect = down;
                      client.ending = EndpointOptions::Ending::NEVER;
                      rig.Listen(PORT, server);
                      auto& end = rig.Connect(PORT, client);
                      Simulator::Schedule(Seconds(1), [&end] { end.ShutdownSend(); });
                      Simulator::Schedule(Seconds(3), [&end] { end.Close(); });
                      rig.Run(Seconds(1200));
                      test.ExpectEqual(end.GetProblem(), "", "the client");
                      test.ExpectEqual(rig.accepted.at(0)->GetProblem(), "", "the server");
                      test.Expect(end.eof && end.eofAt < Seconds(3), "answered at once");
                      test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                      ExpectActions(test, links);
                  });
    }
}

/// A proxy that keeps nothing must not acknowledge what the receiver has no room for.
void
AddSlowReader(ScenarioTestSuite& suite)
{
    suite.Add("a proxy acknowledges data for an end that does not read for a while",
              [](ScenarioTestCase& test)
              {
                  TestRig rig;
                  const auto links = InstallProxy(rig);
                  EndpointOptions server;
                  server.send = 10;
                  server.expect = SIZE / 10;
                  server.attributes = {{"RcvBufSize", "3151"}};
                  EndpointOptions client;
                  client.send = server.expect;
                  client.expect = server.send;
                  client.attributes = {{"Multipath", "false"}};
                  rig.Listen(PORT, server);
                  const auto& end = rig.Connect(PORT, client);
                  const auto read = [&rig](bool reading)
                  { return [&rig, reading] { rig.accepted.at(0)->SetReading(reading); }; };
                  Simulator::Schedule(MilliSeconds(150), read(false));
                  Simulator::Schedule(Seconds(5), read(true));
                  rig.Run(Seconds(600));
                  test.ExpectEqual(end.GetProblem(), "", "the client");
                  test.ExpectEqual(rig.accepted.at(0)->GetProblem(), "", "the server");
                  test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                  ExpectActions(test, links);
              });
}

/// The suite.
class MptcpProxyTestSuite : public ScenarioTestSuite
{
  public:
    MptcpProxyTestSuite()
        : ScenarioTestSuite("mptcp-proxy")
    {
        AddScenes(*this, GetProxyScenes());
        AddProxiesBeforeSilence(*this);
        AddSlowReader(*this);
    }
};

MptcpProxyTestSuite g_mptcpProxyTestSuite; //!< registers itself

} // namespace

} // namespace ns3
