// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/boolean.h"
#include "ns3/byte-stream-application.h"
#include "ns3/global-value.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/ipv4-translation.h"
#include "ns3/ipv4.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/simulator.h"
#include "ns3/smartphone-helper.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <functional>
#include <set>
#include <sstream>

using namespace ns3;

namespace
{

constexpr auto WIFI = SmartphoneHelper::WIFI;
constexpr auto CELLULAR = SmartphoneHelper::CELLULAR;

/// A phone behind translations, with checksums.
class TranslationTest : public TestCase
{
  public:
    /// @param name a sentence @param body runs with the network, and calls Expect
    TranslationTest(const std::string& name,
                    std::function<void(TranslationTest&, SmartphoneHelper&)> body)
        : TestCase(name),
          m_body(std::move(body))
    {
    }

    /// Check. @param ok must hold @param message what it is
    void Expect(bool ok, const std::string& message)
    {
        NS_TEST_EXPECT_MSG_EQ(ok, true, message);
    }

    /// @param network where @return the server's IPv4 address
    static Ipv4Address GetServer(const SmartphoneHelper& network)
    {
        return std::get<Ipv4Address>(network.GetServerAddress(false));
    }

    /// @param network where @param access which @param phone index @return its address there
    static Ipv4Address
    GetPhone(const SmartphoneHelper& network, SmartphoneHelper::Access access, uint32_t phone = 0)
    {
        return std::get<Ipv4Address>(network.GetPhoneAddress(access, false, phone));
    }

    /// @param node where @param local address and port @return a UDP socket
    static Ptr<Socket> Bind(Ptr<Node> node, const Address& local)
    {
        auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->Bind(local);
        return socket;
    }

  private:
    void DoRun() override
    {
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
        SmartphoneHelper network(2);
        network.SetTranslation(WIFI, true);
        network.SetTranslation(CELLULAR, true);
        network.Build();
        network.AssignStreams(100);
        m_body(*this, network);
        Simulator::Destroy();
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
    }

    std::function<void(TranslationTest&, SmartphoneHelper&)> m_body; //!< what is tested
};

/// MPTCP over two translations.
/// @param test to tell @param network where
void
Transfer(TranslationTest& test, SmartphoneHelper& network)
{
    const NodeContainer hosts(network.GetPhone(), network.GetServer());
    MptcpHelper().Install(hosts);
    MptcpHelper::AssignStreams(hosts, 200);
    const InetSocketAddress server(TranslationTest::GetServer(network), 5001);
    const TypeIdValue protocol(MptcpSocketFactory::GetTypeId());
    const UintegerValue bytes(3000000);
    auto far = CreateObjectWithAttributes<ByteStreamApplication>(
        "Protocol", protocol, "Local", AddressValue(server), "MaxBytes", bytes);
    auto near = CreateObjectWithAttributes<ByteStreamApplication>(
        "Protocol", protocol, "Remote", AddressValue(server), "MaxBytes", bytes);
    network.GetServer()->AddApplication(far);
    network.GetPhone()->AddApplication(near);
    std::set<Ipv4Address> seen;
    uint64_t each[2] = {0, 0};
    const std::function<void(Ptr<const Packet>, Ptr<Ipv4>, uint32_t)> onReceived =
        [&](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t)
    {
        Ipv4Header header;
        packet->PeekHeader(header);
        seen.insert(header.GetSource());
        each[header.GetSource() == Ipv4Address("10.0.4.1") ? 1 : 0] += packet->GetSize();
    };
    network.GetServer()->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "Rx", Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(onReceived));
    Simulator::Stop(Seconds(20));
    Simulator::Run();
    test.Expect(far->GetReceived() == bytes.Get() && far->GetWrong() == 0, "to the server");
    test.Expect(near->GetReceived() == bytes.Get() && near->GetWrong() == 0, "to the phone");
    const std::set<Ipv4Address> shared = {Ipv4Address("10.0.3.1"), Ipv4Address("10.0.4.1")};
    test.Expect(seen == shared, "the server sees the routers");
    test.Expect(each[0] > 500000 && each[1] > 500000, "both carry");
    test.Expect(network.GetTranslation(WIFI)->GetN() == 1, "a mapping for each subflow");
}

/// Ports of UDP.
/// @param test to tell @param network where
void
Datagrams(TranslationTest& test, SmartphoneHelper& network)
{
    // Two phones have the same port.
    std::ostringstream log;
    auto server =
        TranslationTest::Bind(network.GetServer(), InetSocketAddress(Ipv4Address::GetAny(), 9));
    std::vector<Address> peers;
    const std::function<void(Ptr<Socket>)> answer = [&](Ptr<Socket> socket)
    {
        Address from;
        const auto packet = socket->RecvFrom(from);
        peers.push_back(from);
        socket->SendTo(Create<Packet>(packet->GetSize() + 1), 0, from);
    };
    server->SetRecvCallback(Callback<void, Ptr<Socket>>(answer));
    std::vector<Ptr<Socket>> phones;
    for (uint32_t i = 0; i < 2; ++i)
    {
        auto socket = TranslationTest::Bind(
            network.GetPhone(i),
            InetSocketAddress(TranslationTest::GetPhone(network, WIFI, i), 7777));
        const std::function<void(Ptr<Socket>)> note = [&log, i](Ptr<Socket> from)
        { log << i << ':' << from->Recv()->GetSize() << ' '; };
        socket->SetRecvCallback(Callback<void, Ptr<Socket>>(note));
        phones.push_back(socket);
        for (const double time : {1.0 + i, 3.0 + i, 400.0 + i})
        {
            const InetSocketAddress to(TranslationTest::GetServer(network), 9);
            Simulator::Schedule(Seconds(time),
                                [socket, to, i]()
                                { socket->SendTo(Create<Packet>(100 * (i + 1)), 0, to); });
        }
    }
    // Nobody has asked for that.
    const uint64_t dropped = network.GetTranslation(WIFI)->GetDropped();
    Simulator::Schedule(
        Seconds(5),
        [&]() {
            server->SendTo(Create<Packet>(1), 0, InetSocketAddress(Ipv4Address("10.0.3.1"), 30000));
        });
    // The mapping of the first phone is older than 5 minutes: what comes is dropped.
    Simulator::Schedule(Seconds(399), [&]() { server->SendTo(Create<Packet>(1), 0, peers.at(0)); });
    std::string mappings;
    for (const double time : {10.0, 399.0, 409.0})
    {
        Simulator::Schedule(Seconds(time),
                            [&]()
                            {
                                const auto translation = network.GetTranslation(WIFI);
                                mappings += std::to_string(translation->GetN()) + ' ';
                            });
    }
    Simulator::Stop(Seconds(410));
    Simulator::Run();
    test.Expect(mappings == "2 0 2 ", "mappings that are remembered: " + mappings);
    test.Expect(log.str() == "0:101 1:201 0:101 1:201 0:101 1:201 ", log.str());
    test.Expect(peers.size() == 6, "all arrive");
    test.Expect(peers.at(0) == peers.at(2), "a port outside stays while it is used");
    test.Expect(peers.at(0) != peers.at(1), "phones have ports of their own");
    test.Expect(peers.at(0) != peers.at(4), "a mapping that is not used is forgotten");
    test.Expect(network.GetTranslation(WIFI)->GetDropped() == dropped + 2, "the rest is dropped");
}

/// Echo and errors of ICMP.
/// @param test to tell @param network where
void
Messages(TranslationTest& test, SmartphoneHelper& network)
{
    // An echo, by hand.
    auto ping = Socket::CreateSocket(network.GetPhone(), Ipv4RawSocketFactory::GetTypeId());
    ping->SetAttribute("Protocol", UintegerValue(1));
    ping->Bind(InetSocketAddress(TranslationTest::GetPhone(network, WIFI), 0));
    std::vector<std::vector<uint8_t>> answers;
    const std::function<void(Ptr<Socket>)> note = [&](Ptr<Socket> socket)
    {
        auto packet = socket->Recv();
        Ipv4Header ip;
        packet->RemoveHeader(ip);
        std::vector<uint8_t> bytes(packet->GetSize());
        packet->CopyData(bytes.data(), bytes.size());
        answers.push_back(bytes);
    };
    ping->SetRecvCallback(Callback<void, Ptr<Socket>>(note));
    // Echo request, checksum, identifier 0x1234, number 1.
    const std::vector<uint8_t> echo = {8, 0, 0xe5, 0xca, 0x12, 0x34, 0, 1};
    const InetSocketAddress server(TranslationTest::GetServer(network), 0);
    Simulator::Schedule(
        Seconds(1), [&]() { ping->SendTo(Create<Packet>(echo.data(), echo.size()), 0, server); });
    // A port that is closed.
    auto udp = TranslationTest::Bind(
        network.GetPhone(), InetSocketAddress(TranslationTest::GetPhone(network, WIFI), 7777));
    Simulator::Schedule(Seconds(2),
                        [&]()
                        {
                            udp->SendTo(Create<Packet>(50),
                                        0,
                                        InetSocketAddress(TranslationTest::GetServer(network), 99));
                        });
    Simulator::Stop(Seconds(4));
    Simulator::Run();
    test.Expect(answers.size() == 2, std::to_string(answers.size()) + " messages");
    if (answers.size() == 2)
    {
        const auto& reply = answers[0];
        test.Expect(reply.size() == 8 && reply[0] == 0 && reply[4] == 0x12 && reply[5] == 0x34,
                    "the reply has the phone's identifier");
        test.Expect(reply[2] == 0xed && reply[3] == 0xca, "and its checksum");
        const auto& quoted = answers[1];
        test.Expect(quoted[0] == 3 && quoted[1] == 3, "port unreachable");
        // The quotation is at 8: source address at 12, UDP's ports behind 20 bytes.
        test.Expect(quoted[8 + 12] == 10 && quoted[8 + 14] == 1 && quoted[8 + 15] == 2,
                    "the quotation has the phone's address");
        test.Expect((quoted[28] << 8 | quoted[29]) == 7777, "and its port");
        test.Expect((quoted[30] << 8 | quoted[31]) == 99, "and the port that is closed");
        uint32_t sum = 0;
        uint32_t ipSum = 0;
        for (size_t i = 0; i + 1 < quoted.size(); i += 2)
        {
            const uint32_t word = quoted[i] << 8 | quoted[i + 1];
            sum += word;
            ipSum += i >= 8 && i < 28 ? word : 0;
        }
        const auto fold = [](uint32_t value) { return (value & 0xffff) + (value >> 16); };
        test.Expect(fold(fold(sum)) == 0xffff, "the checksum of the message is right");
        test.Expect(fold(fold(ipSum)) == 0xffff, "that of the quoted header is right");
    }
}

/// The suite.
class TranslationTestSuite : public TestSuite
{
  public:
    TranslationTestSuite()
        : TestSuite("mptcp-translation", Type::UNIT)
    {
        AddTestCase(new TranslationTest("MPTCP uses two accesses that translate", Transfer));
        AddTestCase(new TranslationTest("Ports of UDP are translated, and forgotten", Datagrams));
        AddTestCase(new TranslationTest("Echo and errors of ICMP are translated", Messages));
    }
};

TranslationTestSuite g_translationTestSuite; //!< the suite

} // namespace
