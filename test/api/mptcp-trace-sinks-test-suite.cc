// SPDX-License-Identifier: GPL-2.0-only
// Trace sinks that do something: whatever a connection and its subflows tell, a sink may close the
// socket, end a subflow, write, or take an address away.
#include "socket-api-net.h"
#include "test-rig.h"

#include "ns3/mptcp-connection.h"
#include "ns3/mptcp-l4-protocol.h"

#include <functional>
#include <map>

namespace ns3
{

namespace
{

/// A trace source of ns-3's devices: it tells of a segment while its subflow sends it.
const std::string DEVICE_SOURCE = "MacTx";

/// Calls what it was given, whatever the trace source passes on. @tparam Ts types of its arguments
template <typename... Ts>
CallbackBase
Sink(std::function<void()> tell)
{
    const std::function<void(Ts...)> sink = [tell](Ts...) { tell(); };
    return Callback<void, Ts...>(sink);
}

/// @param tell what each sink calls @return sinks for all trace sources of a connection
std::map<std::string, CallbackBase>
GetConnectionSinks(const std::function<void()>& tell)
{
    using Subflow = Ptr<MptcpSubflow>;
    return {{"SubflowEstablished", Sink<Subflow>(tell)},
            {"SubflowClosed", Sink<Subflow, const SubflowEnd&>(tell)},
            {"DataSequence", Sink<Subflow, uint64_t, uint32_t, bool>(tell)},
            {"DataReceived", Sink<Subflow, uint64_t, uint32_t, bool>(tell)},
            {"Reinjection", Sink<Subflow, uint64_t, uint32_t>(tell)},
            {"PathEvent", Sink<const MptcpPathEvent&>(tell)},
            {"Ended", Sink<int>(tell)},
            {"FallBack", Sink<std::string>(tell)}};
}

/// @param tell what each sink calls @return sinks for all trace sources of a subflow
std::map<std::string, CallbackBase>
GetSubflowSinks(const std::function<void()>& tell)
{
    using Congestion = TcpSocketState::TcpCongState_t;
    using State = TcpSocket::TcpStates_t;
    const auto segment = Sink<Ptr<const Packet>, const TcpHeader&, Ptr<const MptcpSubflow>>(tell);
    return {{"Tx", segment},
            {"Rx", segment},
            {"State", Sink<State, State>(tell)},
            {"RTO", Sink<Time, Time>(tell)},
            {"RTT", Sink<Time, Time>(tell)},
            {"CongState", Sink<Congestion, Congestion>(tell)},
            {"CongestionWindow", Sink<uint32_t, uint32_t>(tell)},
            {"SlowStartThreshold", Sink<uint32_t, uint32_t>(tell)},
            {"BytesInFlight", Sink<uint32_t, uint32_t>(tell)}};
}

/// What a sink does. @param net where
using Deed = std::function<void(SocketApiNet& net)>;

/// @return what sinks do, by name
std::map<std::string, Deed>
GetDeeds()
{
    return {{"closes without lingering", [](SocketApiNet& net) { net.client->Close(); }},
            {"disposes of the socket", [](SocketApiNet& net) { net.client->Dispose(); }},
            {"resets all subflows",
             [](SocketApiNet& net)
             {
                 for (const uint8_t id : {1, 2, 3})
                 {
                     net.client->CloseSubflow(id, MPTCP_SHUT_RST);
                 }
             }},
            {"opens a subflow, writes and ends",
             [](SocketApiNet& net)
             {
                 net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                 SocketApiNet::Send(net.client, 10000);
                 net.client->CloseSubflow(1);
                 net.client->ShutdownSend();
             }},
            {"takes an interface down",
             [](SocketApiNet& net)
             {
                 auto ipv4 = net.clientNode->GetObject<Ipv4>();
                 ipv4->SetDown(ipv4->GetInterfaceForAddress("192.168.0.1"));
             }},
            {"takes an interface down and up",
             [](SocketApiNet& net)
             {
                 auto ipv4 = net.clientNode->GetObject<Ipv4>();
                 const auto interface = ipv4->GetInterfaceForAddress("192.168.0.1");
                 ipv4->SetDown(interface);
                 ipv4->SetUp(interface);
             }}};
}

/**
 * A connection with two or three subflows, with data both ways, losses, priorities and an address
 * that goes, or one whose options are lost on the way: until a sink does something.
 * @param test whose
 * @param source trace source
 * @param deed what its sink does
 * @param nth when it is told so often
 * @param plain options are lost
 * @return whether it has been told so often
 */
bool
RunUntil(
    ScenarioTestCase& test, const std::string& source, const Deed& deed, uint32_t nth, bool plain)
{
    TestAttributes attributes{{"Linger", "0s"},
                              {"PathManager", "ns3::MptcpFullMesh"},
                              {"RemoveAddressAtOnce", "true"},
                              {"CloseTimeout", "5s"}};
    if (source == DEVICE_SOURCE)
    {
        // Segments leave from a queue of the subflow's own, too.
        attributes.emplace_back("SubflowSendBuffer", "20000");
    }
    uint32_t told = 0;
    SocketApiNet net(false, attributes);
    const auto tell = [&]
    {
        if (++told == nth)
        {
            deed(net);
        }
    };
    const auto ofSubflow = GetSubflowSinks(tell);
    const auto ofConnection = GetConnectionSinks(tell);
    const auto listen = [&](Ptr<MptcpSubflow> subflow)
    {
        const auto sink = ofSubflow.find(source);
        if (sink != ofSubflow.end())
        {
            subflow->TraceDisconnectWithoutContext(source, sink->second);
            subflow->TraceConnectWithoutContext(source, sink->second);
        }
    };
    for (const auto& link : net.links)
    {
        link->AddRule(FilterChannel::UP, DropEvery(HasPayload, 9));
        link->AddRule(FilterChannel::DOWN, DropEvery(HasPayload, 11));
        if (plain)
        {
            link->AddRule(FilterChannel::DOWN, StripMptcp(IsAfterSyn));
        }
    }
    // The SYN is on its way.
    Simulator::Schedule(
        MilliSeconds(11),
        [&]
        {
            for (uint32_t i = 0; source == DEVICE_SOURCE && i < net.clientNode->GetNDevices(); ++i)
            {
                net.clientNode->GetDevice(i)->TraceConnectWithoutContext(
                    source, Sink<Ptr<const Packet>>(tell));
            }
            const auto connection = net.client->GetConnection();
            if (const auto sink = ofConnection.find(source); sink != ofConnection.end())
            {
                connection->TraceConnectWithoutContext(source, sink->second);
            }
            listen(connection->GetSubflows().front());
            const std::function<void(Ptr<MptcpSubflow>)> join = listen;
            connection->TraceConnectWithoutContext("SubflowEstablished",
                                                   Callback<void, Ptr<MptcpSubflow>>(join));
        });
    Simulator::Schedule(MilliSeconds(60),
                        [&]
                        {
                            SocketApiNet::Send(net.client, 60000);
                            if (net.server)
                            {
                                SocketApiNet::Send(net.server, 60000);
                            }
                        });
    Simulator::Schedule(MilliSeconds(150),
                        [&]
                        {
                            if (net.server)
                            {
                                net.server->SetSubflowPriority(1, true);
                                net.server->SetSubflowPriority(2, true);
                            }
                        });
    Simulator::Schedule(MilliSeconds(200),
                        [&]
                        {
                            auto ipv4 = net.serverNode->GetObject<Ipv4>();
                            ipv4->SetDown(ipv4->GetInterfaceForAddress("10.1.0.1"));
                            SocketApiNet::Send(net.client, 60000);
                        });
    Simulator::Schedule(Seconds(4),
                        [&]
                        {
                            net.client->Close();
                            if (net.server)
                            {
                                net.server->Close();
                            }
                        });
    net.Connect();
    net.Run(Seconds(300));
    if (told >= nth)
    {
        test.ExpectEqual(net.clientNode->GetObject<MptcpL4Protocol>()->GetNConnections(),
                         0,
                         "connections of the client, sink call " + std::to_string(nth));
        test.ExpectEqual(net.serverNode->GetObject<MptcpL4Protocol>()->GetNConnections(),
                         0,
                         "connections of the server, sink call " + std::to_string(nth));
    }
    return told >= nth;
}

/// The suite.
class MptcpTraceSinksTestSuite : public ScenarioTestSuite
{
  public:
    MptcpTraceSinksTestSuite()
        : ScenarioTestSuite("mptcp-trace-sinks")
    {
        std::vector<std::string> sources{DEVICE_SOURCE};
        for (const auto& [source, sink] : GetConnectionSinks([] {}))
        {
            sources.push_back(source);
        }
        for (const auto& [source, sink] : GetSubflowSinks([] {}))
        {
            sources.push_back(source);
        }
        for (const auto& source : sources)
        {
            for (const auto& [name, deed] : GetDeeds())
            {
                Add("a sink of " + source + " " + name,
                    [source = source, deed = deed](ScenarioTestCase& test)
                    {
                        const bool plain = source == "FallBack";
                        uint32_t done = 0;
                        for (uint32_t nth = 1; nth < 200; nth = nth < 8 ? nth + 1 : nth * 2)
                        {
                            if (!RunUntil(test, source, deed, nth, plain))
                            {
                                break;
                            }
                            done++;
                        }
                        test.Expect(done > 0, "told");
                    });
            }
        }
    }
} g_mptcpTraceSinksTestSuite; //!< registers itself

} // namespace

} // namespace ns3
