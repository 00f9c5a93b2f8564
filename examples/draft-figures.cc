// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sample code of draft-hesmans-mptcp-socket-03 at work: examples/posix/draft-figures.c has its
 * figures 2, 4, 7 and 9 as they are printed, and runs in the node of a phone. What each of them
 * prints and returns is shown, and then the packets that prove it.
 *
 *            WiFi 10.2.0.1 ------ router ------ server 10.1.0.1, port 1234
 *   phone
 *            cellular 10.0.0.1 -- router
 */
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iomanip>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

using namespace ns3;

namespace
{

const Ipv4Address PHONE_CELLULAR("10.0.0.1"); //!< of figure 4
const Ipv4Address SERVER("10.1.0.1");         //!< of figure 4
constexpr uint16_t JOIN_PORT = 12345;         //!< of figure 4
constexpr uint16_t SERVER_PORT = 1234;        //!< of figure 4
constexpr int TOS = 12;                       //!< of figure 9

/// What the phone's packets have shown.
struct Proof
{
    bool join{false};                          //!< figure 4's SYN has MP_JOIN
    bool afterFigure9{false};                  //!< figure 9 has been run
    std::map<uint16_t, std::set<int>> tos;     //!< TOS of data after figure 9, by the phone's port
    std::ostringstream joins;                  //!< the handshake of figure 4's join
    std::map<uint16_t, std::string> firstData; //!< first data after figure 9, by the phone's port
};

/// @param bytes of an IPv4 packet's payload @param header its header @param proof is added to
/// @param sent by the phone
void
Look(Ptr<const Packet> bytes, const Ipv4Header& header, Proof& proof, bool sent)
{
    if (header.GetProtocol() != 6)
    {
        return;
    }
    uint8_t head[60];
    const uint32_t size = bytes->CopyData(head, sizeof(head));
    const auto segment = ParseTcpSegment(head, size, bytes->GetSize()).segment;
    if (!segment)
    {
        return;
    }
    std::ostringstream line;
    line << std::fixed << std::setprecision(3) << Simulator::Now().GetSeconds() << " s  "
         << header.GetSource() << ':' << segment->sourcePort << " > " << header.GetDestination()
         << ':' << segment->destinationPort << (segment->Has(TCP_SYN) ? " SYN" : "")
         << (segment->Has(TCP_ACK) ? " ACK" : "") << ", TOS " << int(header.GetTos()) << ", "
         << segment->payloadSize << " bytes";
    for (const auto& option : segment->mptcp)
    {
        line << ", " << option;
    }
    line << '\n';
    const uint16_t port = sent ? segment->sourcePort : segment->destinationPort;
    if (segment->Find<MpJoinSyn>() || segment->Find<MpJoinSynAck>() || segment->Find<MpJoinAck>())
    {
        proof.joins << line.str();
        proof.join = proof.join ||
                     (segment->Find<MpJoinSyn>() && sent && port == JOIN_PORT &&
                      segment->destinationPort == SERVER_PORT &&
                      header.GetSource() == PHONE_CELLULAR && header.GetDestination() == SERVER);
    }
    if (proof.afterFigure9 && sent && segment->payloadSize > 0)
    {
        proof.tos[port].insert(header.GetTos());
        proof.firstData.emplace(port, line.str());
    }
}

/// @param node the phone @param proof is added to
void
Watch(Ptr<Node> node, Proof& proof)
{
    for (const bool sent : {true, false})
    {
        node->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            sent ? "Tx" : "Rx",
            Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
                [&proof, sent](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t)
                {
                    Ptr<Packet> copy = packet->Copy();
                    Ipv4Header header;
                    copy->RemoveHeader(header);
                    Look(copy, header, proof, sent);
                }));
    }
}

/// @param node where @param program its name @param arguments its @param at when @return it
Ptr<PosixApplication>
Run(Ptr<Node> node, const std::string& program, const std::string& arguments, Time at)
{
    auto application = CreateObject<PosixApplication>();
    application->SetAttribute(
        "Program", StringValue(std::string(MPTCP_POSIX_PROGRAMS) + "/" + program + ".so"));
    application->SetAttribute("Arguments", StringValue(arguments));
    application->SetStartTime(at);
    node->AddApplication(application);
    return application;
}

} // namespace

int
main(int argc, char* argv[])
{
    CommandLine(__FILE__).Parse(argc, argv);
    NodeContainer nodes(3);
    const Ptr<Node> phone = nodes.Get(0);
    const Ptr<Node> router = nodes.Get(1);
    const Ptr<Node> server = nodes.Get(2);
    InternetStackHelper().Install(nodes);
    MptcpHelper mptcp;
    // Nobody but the program opens subflows.
    mptcp.SetPathManager("ns3::MptcpNoPathManager");
    mptcp.Install(NodeContainer(phone, server));

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    const auto connect = [&link](Ptr<Node> host, Ptr<Node> router, const char* net, Time delay)
    {
        link.SetChannelAttribute("Delay", TimeValue(delay));
        Ipv4AddressHelper(net, "255.255.255.0").Assign(link.Install(host, router));
    };
    connect(phone, router, "10.2.0.0", MilliSeconds(10));
    connect(phone, router, "10.0.0.0", MilliSeconds(30));
    connect(server, router, "10.1.0.0", MilliSeconds(1));
    Ipv4StaticRoutingHelper routing;
    const auto addRoute = [&routing](Ptr<Node> host, const char* by, uint32_t interface)
    {
        routing.GetStaticRouting(host->GetObject<Ipv4>())
            ->SetDefaultRoute(Ipv4Address(by), interface, interface);
    };
    addRoute(phone, "10.2.0.2", 1);
    addRoute(phone, "10.0.0.2", 2);
    addRoute(server, "10.1.0.2", 1);

    Proof proof;
    Watch(phone, proof);
    auto echo = Run(server, "echo-server", "1234", Seconds(0));
    auto figures = Run(phone, "draft-figures", "10.1.0.1 1234", Seconds(1));
    figures->TraceConnectWithoutContext("Output",
                                        Callback<void, const std::string&>(
                                            [&proof](const std::string& text)
                                            {
                                                std::cout << text;
                                                // The figure's option has been set when its result
                                                // is printed.
                                                static bool ninth = false;
                                                ninth = ninth || text.find("figure 9") == 0;
                                                proof.afterFigure9 =
                                                    ninth && text.find("returned 0") == 0
                                                        ? true
                                                        : proof.afterFigure9;
                                            }));
    Simulator::Stop(Seconds(60));
    Simulator::Run();
    std::cout << "The server that echoes: " << echo->GetLog() << "\n";
    Simulator::Destroy();

    std::cout << "The packets of figure 4's join, at the phone:\n" << proof.joins.str();
    std::cout << "\nThe first data of each subflow after figure 9:\n";
    bool marked = proof.tos.size() == 2;
    for (const auto& [port, values] : proof.tos)
    {
        std::cout << proof.firstData[port] << "  TOS of all data from port " << port << ":";
        for (const int value : values)
        {
            std::cout << ' ' << value;
        }
        std::cout << '\n';
        marked = marked && values == std::set<int>{port == JOIN_PORT ? TOS : 0};
    }
    const bool right =
        proof.join && marked && figures->GetExitCode() == 0 && echo->GetExitCode() == 0;
    std::cout << (right ? "\nFigure 4's join went from port 12345 to 1234, and TOS 12 is on that "
                          "subflow alone.\n"
                        : "\nThis is not what the draft says.\n");
    return right ? 0 : 1;
}
