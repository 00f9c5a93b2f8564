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
#include <string>
#include <vector>

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

/// What ICMP tells a node. Its address is kept: not to be moved.
class MessageLog
{
  public:
    /// @param node where
    explicit MessageLog(Ptr<Node> node)
        : m_socket(Socket::CreateSocket(node, Ipv4RawSocketFactory::GetTypeId()))
    {
        m_socket->SetAttribute("Protocol", UintegerValue(1));
        m_socket->Bind();
        const std::function<void(Ptr<Socket>)> note = [this](Ptr<Socket> socket)
        {
            auto packet = socket->Recv();
            Ipv4Header ip;
            packet->RemoveHeader(ip);
            std::vector<uint8_t> bytes(packet->GetSize());
            packet->CopyData(bytes.data(), bytes.size());
            Ipv4Header quoted;
            if (bytes.size() < 36)
            {
                return;
            }
            packet->RemoveAtStart(8);
            packet->RemoveHeader(quoted);
            std::ostringstream text;
            // Type and code; who tells; of which packet.
            text << +bytes[0] << '/' << +bytes[1] << ' ' << ip.GetSource() << ": "
                 << quoted.GetSource() << ':' << (bytes[28] << 8 | bytes[29]) << " to "
                 << quoted.GetDestination() << ':' << (bytes[30] << 8 | bytes[31]);
            m_messages.push_back(text.str());
        };
        m_socket->SetRecvCallback(Callback<void, Ptr<Socket>>(note));
    }

    MessageLog(const MessageLog&) = delete;
    MessageLog& operator=(const MessageLog&) = delete;

    /// @return errors that have come
    const std::vector<std::string>& Get() const
    {
        return m_messages;
    }

  private:
    Ptr<Socket> m_socket;                //!< reads them
    std::vector<std::string> m_messages; //!< see Get()
};

/// The translating router drops what has no hops left, and tells who has sent it (RFC 1812, 5.3.1).
/// @param test to tell @param network where
void
Hops(TranslationTest& test, SmartphoneHelper& network)
{
    MessageLog atPhone(network.GetPhone());
    MessageLog atServer(network.GetServer());
    const Ipv4Address serverAddress = TranslationTest::GetServer(network);
    auto phone = TranslationTest::Bind(
        network.GetPhone(), InetSocketAddress(TranslationTest::GetPhone(network, WIFI), 7777));
    auto server = TranslationTest::Bind(network.GetServer(), InetSocketAddress(serverAddress, 9));
    uint16_t port = 0;
    const std::function<void(Ptr<Socket>)> answer = [&](Ptr<Socket> socket)
    {
        Address from;
        socket->RecvFrom(from);
        port = InetSocketAddress::ConvertFrom(from).GetPort();
        // By the backbone router to the WiFi router, and no further.
        socket->SetIpTtl(2);
        socket->SendTo(Create<Packet>(100), 0, from);
    };
    server->SetRecvCallback(Callback<void, Ptr<Socket>>(answer));
    std::string answers;
    const std::function<void(Ptr<Socket>)> note = [&](Ptr<Socket> socket)
    { answers += std::to_string(socket->Recv()->GetSize()) + ' '; };
    phone->SetRecvCallback(Callback<void, Ptr<Socket>>(note));
    size_t mappings = 0;
    const auto send = [&](uint8_t hops)
    {
        mappings = network.GetTranslation(WIFI)->GetN();
        phone->SetIpTtl(hops);
        phone->SendTo(Create<Packet>(100), 0, InetSocketAddress(serverAddress, 9));
    };
    Simulator::Schedule(Seconds(1), [&]() { send(1); });
    Simulator::Schedule(Seconds(2), [&]() { send(64); });
    Simulator::Stop(Seconds(3));
    Simulator::Run();
    test.Expect(mappings == 0, "what goes no further needs no port outside");
    test.Expect(atPhone.Get() ==
                    std::vector<std::string>{"11/0 10.0.1.1: 10.0.1.2:7777 to 10.0.5.2:9"},
                "the phone is told: " + (atPhone.Get().empty() ? "no" : atPhone.Get()[0]));
    test.Expect(answers.empty(), "the answer goes no further");
    test.Expect(atServer.Get() ==
                    std::vector<std::string>{"11/0 10.0.3.1: 10.0.5.2:9 to 10.0.3.1:" +
                                             std::to_string(port)},
                "the server is told: " + (atServer.Get().empty() ? "no" : atServer.Get()[0]));
}

/// Phones behind one translation reach each other, by their own addresses.
/// @param test to tell @param network where
void
Neighbours(TranslationTest& test, SmartphoneHelper& network)
{
    const InetSocketAddress remote(TranslationTest::GetPhone(network, WIFI, 1), 5001);
    const UintegerValue bytes(100000);
    auto far = CreateObjectWithAttributes<ByteStreamApplication>(
        "Local", AddressValue(remote), "MaxBytes", bytes);
    auto near = CreateObjectWithAttributes<ByteStreamApplication>(
        "Remote", AddressValue(remote), "MaxBytes", bytes);
    network.GetPhone(1)->AddApplication(far);
    network.GetPhone(0)->AddApplication(near);
    Ipv4Address seen;
    const std::function<void(Ptr<Socket>)> onConnected = [&](Ptr<Socket> socket)
    {
        Address peer;
        socket->GetPeerName(peer);
        seen = InetSocketAddress::ConvertFrom(peer).GetIpv4();
    };
    far->TraceConnectWithoutContext("Connected", Callback<void, Ptr<Socket>>(onConnected));
    Simulator::Stop(Seconds(10));
    Simulator::Run();
    test.Expect(far->GetReceived() == bytes.Get() && far->GetWrong() == 0, "one way");
    test.Expect(near->GetReceived() == bytes.Get() && near->GetWrong() == 0, "the other way");
    test.Expect(seen == TranslationTest::GetPhone(network, WIFI, 0), "nothing is translated");
    test.Expect(network.GetTranslation(WIFI)->GetN() == 0, "nothing is mapped");
}

/// The same, by what stands for one of them outside (RFC 4787, REQ-9).
/// @param test to tell @param network where
void
Hairpin(TranslationTest& test, SmartphoneHelper& network)
{
    const Ipv4Address shared("10.0.3.1");
    MessageLog messages(network.GetPhone(0));
    auto server =
        TranslationTest::Bind(network.GetServer(), InetSocketAddress(Ipv4Address::GetAny(), 9));
    std::vector<Address> outside;
    const std::function<void(Ptr<Socket>)> learn = [&](Ptr<Socket> socket)
    {
        Address from;
        socket->RecvFrom(from);
        outside.push_back(from);
    };
    server->SetRecvCallback(Callback<void, Ptr<Socket>>(learn));
    std::vector<Ptr<Socket>> phones;
    std::vector<Address> senders[2];
    for (uint32_t i = 0; i < 2; ++i)
    {
        phones.push_back(TranslationTest::Bind(
            network.GetPhone(i),
            InetSocketAddress(TranslationTest::GetPhone(network, WIFI, i), 7777)));
        const std::function<void(Ptr<Socket>)> note = [&senders, i](Ptr<Socket> socket)
        {
            Address from;
            const auto packet = socket->RecvFrom(from);
            senders[i].push_back(from);
            if (i == 1)
            {
                socket->SendTo(packet, 0, from);
            }
        };
        phones[i]->SetRecvCallback(Callback<void, Ptr<Socket>>(note));
    }
    const InetSocketAddress to(TranslationTest::GetServer(network), 9);
    Simulator::Schedule(Seconds(1), [&]() { phones[1]->SendTo(Create<Packet>(1), 0, to); });
    const auto turn = [&](uint8_t hops)
    {
        phones[0]->SetIpTtl(hops);
        phones[0]->SendTo(Create<Packet>(100), 0, outside.at(0));
    };
    Simulator::Schedule(Seconds(2), [&]() { turn(64); });
    Simulator::Schedule(Seconds(3), [&]() { phones[0]->SendTo(Create<Packet>(1), 0, to); });
    Simulator::Schedule(Seconds(4), [&]() { turn(1); });
    Simulator::Schedule(Seconds(5),
                        [&]()
                        {
                            phones[1]->Close();
                            turn(64);
                        });
    Simulator::Stop(Seconds(6));
    Simulator::Run();
    test.Expect(outside.size() == 2, "both are known outside");
    test.Expect(senders[1].size() == 1, "the second phone is reached");
    test.Expect(senders[0].size() == 1, "and answers");
    if (outside.size() == 2 && senders[1].size() == 1 && senders[0].size() == 1)
    {
        test.Expect(senders[1][0] == outside[1], "it sees what stands for the first one");
        test.Expect(senders[0][0] == outside[0], "which sees whom it has asked");
        const std::string port =
            std::to_string(InetSocketAddress::ConvertFrom(outside[0]).GetPort());
        const std::string packet = ": 10.0.1.2:7777 to 10.0.3.1:" + port;
        const std::vector<std::string> expected{"11/0 10.0.1.1" + packet, "3/3 10.0.3.1" + packet};
        test.Expect(messages.Get() == expected, "errors come back");
    }
    // What is mapped to nobody is the router's.
    test.Expect(network.GetTranslation(WIFI)->GetDropped() == 0, "nothing is dropped");
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
        AddTestCase(new TranslationTest("A packet without hops is told of at either side", Hops));
        AddTestCase(new TranslationTest("Phones behind a translation connect", Neighbours));
        AddTestCase(new TranslationTest("They do so by the address outside", Hairpin));
    }
};

TranslationTestSuite g_translationTestSuite; //!< the suite

} // namespace
