// SPDX-License-Identifier: GPL-2.0-only
// A simulated host that talks to the kernel of the machine it runs on, in real time. The kernel's
// side lives in a network namespace with one tap device for each path; interop/run makes it.
//
//   host ===== links of a rate and a delay ===== router ===== taps ===== kernel
//
// Addresses on path i: host 10.1.i.1 and fd01:i::1, kernel 10.9.i.2 and fd09:i::2; the router has
// 10.1.i.2, 10.9.i.1 and the same in IPv6.
#include "link-troubles.h"
#include "namespace-tap.h"

#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <functional>
#include <iomanip>
#include <iostream>
#include <nettle/sha2.h>
#include <sstream>
#include <string>
#include <unistd.h>
#include <utility>

using namespace ns3;

namespace
{

/// @param prefix such as "10.1." @param path number @param host number @return IPv4 address
Ipv4Address
Number4(const std::string& prefix, uint32_t path, uint32_t host)
{
    return Ipv4Address((prefix + std::to_string(path) + "." + std::to_string(host)).c_str());
}

/// @param prefix such as "fd01:" @param path number @param host number @return IPv6 address
Ipv6Address
Number6(const std::string& prefix, uint32_t path, uint32_t host)
{
    return Ipv6Address((prefix + std::to_string(path) + "::" + std::to_string(host)).c_str());
}

/// Give a device its addresses.
/// @param device the device @param address4 IPv4, of 24 bits @param address6 IPv6, of 64 bits
void
Assign(Ptr<NetDevice> device, Ipv4Address address4, Ipv6Address address6)
{
    Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
    const uint32_t index4 = ipv4->AddInterface(device);
    ipv4->AddAddress(index4, Ipv4InterfaceAddress(address4, Ipv4Mask("/24")));
    ipv4->SetUp(index4);
    Ptr<Ipv6> ipv6 = device->GetNode()->GetObject<Ipv6>();
    const uint32_t index6 = ipv6->AddInterface(device);
    ipv6->AddAddress(index6, Ipv6InterfaceAddress(address6, Ipv6Prefix(64)));
    ipv6->SetUp(index6);
}

/// Act on an access as the handover experiment does.
/// @param node the host @param interface index of its interface @param up which way
void
SetInterface(Ptr<Node> node, uint32_t interface, bool up)
{
    Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    Ptr<Ipv6> ipv6 = node->GetObject<Ipv6>();
    if (up)
    {
        ipv4->SetUp(interface);
        ipv6->SetUp(interface);
    }
    else
    {
        ipv4->SetDown(interface);
        ipv6->SetDown(interface);
    }
}

/// @param bytes from the begin of every stream @return their SHA-256 in hexadecimal
std::string
Digest(uint64_t bytes)
{
    sha256_ctx context;
    sha256_init(&context);
    std::vector<uint8_t> part(65536);
    for (uint64_t done = 0; done < bytes; done += part.size())
    {
        part.resize(std::min<uint64_t>(part.size(), bytes - done));
        ByteStreamApplication::Fill(done, part.data(), part.size());
        sha256_update(&context, part.size(), part.data());
    }
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(&context, sizeof(digest), digest);
    std::ostringstream text;
    for (const uint8_t byte : digest)
    {
        text << std::hex << std::setw(2) << std::setfill('0') << static_cast<uint32_t>(byte);
    }
    return text.str();
}

} // namespace

int
main(int argc, char* argv[])
{
    std::string netns;
    std::string role = "client";
    bool ipv6 = false;
    uint32_t paths = 2;
    uint64_t bytes = 0;
    uint32_t port = 5001;
    double limit = 30;
    std::string rate = "20Mbps";
    Time delay = MilliSeconds(5);
    std::string pcap;
    std::string congestion = "ns3::TcpLinuxReno";
    std::string pathManager = "ns3::MptcpFullMesh";
    bool multipath = true;
    bool backup = false;
    bool checksum = false;
    bool refuseChecksum = false;
    bool fastcloseByAck = false;
    std::string endpoint;
    uint16_t endpointPort = 0;
    double endpointAt = 0;
    double endpointRemoveAt = 0;
    double endpointBackupAt = 0;
    double endpointBackupUntil = 0;
    double loss = 0;
    double silentAt = 0;
    double silentUntil = 0;
    double downAt = 0;
    double upAt = 0;
    double abortAt = 0;
    double closeAt = 0;
    double startAt = 0.3;
    uint16_t localPort = 0;
    std::string neighbor;
    Time markAfter;
    double stallAt = 0;
    Time stallFor = MilliSeconds(400);
    std::string loseUp;
    std::string loseDown;

    CommandLine cmd(__FILE__);
    cmd.AddValue("netns", "network namespace of the kernel's side", netns);
    cmd.AddValue("role", "client (connects to the kernel) or server", role);
    cmd.AddValue("ipv6", "connect by IPv6", ipv6);
    cmd.AddValue("paths", "links, taps tap0 to tap<paths-1>", paths);
    cmd.AddValue("bytes", "that this end sends", bytes);
    cmd.AddValue("port", "of the server", port);
    cmd.AddValue("limit", "seconds after which the run ends", limit);
    cmd.AddValue("rate", "of each link", rate);
    cmd.AddValue("delay", "of each link, one way", delay);
    cmd.AddValue("pcap", "prefix of the captures; empty: none", pcap);
    cmd.AddValue("congestion", "congestion control", congestion);
    cmd.AddValue("pathManager", "path manager", pathManager);
    cmd.AddValue("multipath", "false: plain TCP", multipath);
    cmd.AddValue("checksum", "require DSS checksums", checksum);
    cmd.AddValue("refuseChecksum", "fall back if the kernel requires them", refuseChecksum);
    cmd.AddValue("fastcloseByAck", "abort by an ACK with MP_FASTCLOSE", fastcloseByAck);
    cmd.AddValue("endpoint",
                 "flags of an endpoint on the second path: signal,subflow,backup,fullmesh",
                 endpoint);
    cmd.AddValue("endpointPort", "port of the endpoint", endpointPort);
    cmd.AddValue("endpointAt", "add it then (s); 0: from the start", endpointAt);
    cmd.AddValue("endpointRemoveAt", "remove it then (s); 0: never", endpointRemoveAt);
    cmd.AddValue("endpointBackupAt", "make it a backup then (s); 0: never", endpointBackupAt);
    cmd.AddValue("endpointBackupUntil", "and no backup then (s); 0: never", endpointBackupUntil);
    cmd.AddValue("backup", "ask for backup on all paths but the first", backup);
    cmd.AddValue("downAt", "take the first interface down then (s); 0: never", downAt);
    cmd.AddValue("upAt", "and up again then (s); 0: never", upAt);
    cmd.AddValue("loss", "part of the packets that each link loses, 0 to 1", loss);
    cmd.AddValue("silentAt", "lose everything on the first link then (s); 0: never", silentAt);
    cmd.AddValue("silentUntil", "and no longer then (s); 0: never", silentUntil);
    cmd.AddValue("abortAt", "abort the connection then (s); 0: never", abortAt);
    cmd.AddValue("closeAt", "close the socket then (s); 0: when all was sent", closeAt);
    cmd.AddValue("startAt", "connect or listen then (s)", startAt);
    cmd.AddValue("localPort", "of a client; 0: any", localPort);
    cmd.AddValue("neighbor",
                 "link-layer address of a router that answers for the kernel's addresses, as "
                 "02:00:00:00:00:01; empty: there is none",
                 neighbor);
    cmd.AddValue("markAfter",
                 "both ends of each link mark packets that have waited so long (ECN); 0: none",
                 markAfter);
    cmd.AddValue("stallAt", "let nothing leave on the first link then (s); 0: never", stallAt);
    cmd.AddValue("stallFor", "and that for so long", stallFor);
    cmd.AddValue("loseUp",
                 "lose the first transmission of these data segments of the host on the first "
                 "link, as 3,10-12,20-",
                 loseUp);
    cmd.AddValue("loseDown", "the same of the kernel's", loseDown);
    cmd.Parse(argc, argv);
    TypeId type;
    for (const auto& [name, base] : {std::pair(congestion, TcpCongestionOps::GetTypeId()),
                                     std::pair(pathManager, MptcpPathManager::GetTypeId())})
    {
        if (!TypeId::LookupByNameFailSafe(name, &type) || !CheckClass(type, base).empty())
        {
            std::cerr << "mptcp-interop-host: " << name << " is no class derived from "
                      << base.GetName() << std::endl;
            return 2;
        }
    }
    DataRateValue bits;
    if (!bits.DeserializeFromString(rate, MakeDataRateChecker()) || bits.Get().GetBitRate() == 0)
    {
        std::cerr << "mptcp-interop-host: --rate=" << rate << ": a rate is needed, as 20Mbps"
                  << std::endl;
        return 2;
    }
    if (!(loss >= 0 && loss <= 1))
    {
        std::cerr << "mptcp-interop-host: --loss=" << loss << ": 0 to 1 is accepted" << std::endl;
        return 2;
    }
    // Mac48Address takes any text.
    if (!neighbor.empty() &&
        (neighbor.size() != 17 ||
         neighbor.find_first_not_of("0123456789abcdefABCDEF:") != std::string::npos))
    {
        std::cerr << "mptcp-interop-host: --neighbor=" << neighbor
                  << ": six bytes in hexadecimal are needed, as 02:00:00:00:00:01" << std::endl;
        return 2;
    }
    for (const std::string& ranges : {loseUp, loseDown})
    {
        if (!ParseSegmentRanges(ranges))
        {
            std::cerr << "mptcp-interop-host: " << ranges
                      << ": numbers of segments are needed, as 3,10-12,20-" << std::endl;
            return 2;
        }
    }
    if ((!loseUp.empty() || !loseDown.empty()) && loss > 0)
    {
        std::cerr << "mptcp-interop-host: --loss and --loseUp or --loseDown exclude each other"
                  << std::endl;
        return 2;
    }
    if (stallAt < 0 || !stallFor.IsStrictlyPositive() || markAfter.IsStrictlyNegative() ||
        startAt < 0)
    {
        std::cerr << "mptcp-interop-host: --stallAt, --stallFor, --markAfter and --startAt are "
                     "times that have not passed"
                  << std::endl;
        return 2;
    }
    if (netns.empty() || paths < 1 || paths > 4 || (role != "client" && role != "server"))
    {
        std::cerr << "mptcp-interop-host: --netns=NAME, --role=client or server and --paths=1 to 4 "
                     "are needed"
                  << std::endl;
        return 2;
    }

    GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::RealtimeSimulatorImpl"));
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    // The kernel's advertisements carry no link-layer address, which ns-3 takes for unreachable.
    Config::SetDefault("ns3::Icmpv6L4Protocol::DelayFirstProbe", TimeValue(Seconds(1000)));
    Config::SetDefault("ns3::Icmpv6L4Protocol::ReachableTime", TimeValue(Seconds(10000)));
    Config::SetDefault("ns3::Icmpv6L4Protocol::DAD", BooleanValue(false));
    Config::SetDefault("ns3::MptcpSocket::CongestionControl",
                       TypeIdValue(TypeId::LookupByName(congestion)));
    Config::SetDefault("ns3::MptcpSocket::PathManager",
                       TypeIdValue(TypeId::LookupByName(pathManager)));
    Config::SetDefault("ns3::MptcpSocket::Multipath", BooleanValue(multipath));
    Config::SetDefault("ns3::MptcpSocket::Checksum", BooleanValue(checksum));
    Config::SetDefault("ns3::MptcpSocket::RefuseChecksum", BooleanValue(refuseChecksum));
    Config::SetDefault("ns3::MptcpSocket::FastcloseByAck", BooleanValue(fastcloseByAck));

    NodeContainer nodes(2);
    Ptr<Node> host = nodes.Get(0);
    Ptr<Node> router = nodes.Get(1);
    InternetStackHelper().Install(nodes);
    router->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
    host->GetObject<Ipv4>()->SetAttribute("IpForward", BooleanValue(false));
    MptcpHelper().Install(host);
    // Another run must not use the keys and ports that the kernel remembers of the last one.
    RngSeedManager::SetRun(getpid());

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue(rate));
    link.SetChannelAttribute("Delay", TimeValue(delay));
    Ipv4StaticRoutingHelper static4;
    Ipv6StaticRoutingHelper static6;
    std::vector<IpAddress> later;
    std::vector<Ptr<RateErrorModel>> firstLink;
    for (uint32_t i = 0; i < paths; ++i)
    {
        NetDeviceContainer ends = link.Install(nodes);
        for (const uint32_t end : {0, 1})
        {
            auto device = DynamicCast<PointToPointNetDevice>(ends.Get(end));
            if (markAfter.IsStrictlyPositive())
            {
                MarkWaiting(device, markAfter);
            }
            if (i == 0 && stallAt > 0)
            {
                StallDevice(device, Seconds(stallAt), stallFor);
            }
            // The host is end 0: what it receives goes down.
            const std::string& lose = end == 0 ? loseDown : loseUp;
            if (i == 0 && !lose.empty())
            {
                device->SetReceiveErrorModel(CreateObject<SegmentLoss>(*ParseSegmentRanges(lose)));
                continue;
            }
            Ptr<RateErrorModel> model = CreateObject<RateErrorModel>();
            model->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
            model->SetRate(loss);
            device->SetReceiveErrorModel(model);
            if (i == 0)
            {
                firstLink.push_back(model);
            }
        }
        Assign(ends.Get(0), Number4("10.1.", i, 1), Number6("fd01:", i, 1));
        Assign(ends.Get(1), Number4("10.1.", i, 2), Number6("fd01:", i, 2));
        const auto interface =
            static_cast<uint32_t>(host->GetObject<Ipv4>()->GetInterfaceForDevice(ends.Get(0)));
        static4.GetStaticRouting(host->GetObject<Ipv4>())
            ->SetDefaultRoute(Number4("10.1.", i, 2), interface, i);
        static6.GetStaticRouting(host->GetObject<Ipv6>())
            ->SetDefaultRoute(Number6("fd01:", i, 2), interface, Ipv6Address("::"), i);

        Ptr<FdNetDevice> tap = AddTap(router, netns, "tap" + std::to_string(i));
        Assign(tap, Number4("10.9.", i, 1), Number6("fd09:", i, 1));
        if (!neighbor.empty())
        {
            // ns-3 sends what waits for an advertisement to whoever sent that, not to its target.
            // The device flushes its neighbors when it starts.
            Simulator::Schedule(MilliSeconds(100),
                                [router, tap, i, &neighbor]()
                                {
                                    Ptr<Ipv6L3Protocol> ip = router->GetObject<Ipv6L3Protocol>();
                                    auto* entry = ip->GetInterface(ip->GetInterfaceForDevice(tap))
                                                      ->GetNdiscCache()
                                                      ->Add(Number6("fd09:", i, 2));
                                    entry->SetMacAddress(Mac48Address(neighbor.c_str()));
                                    entry->MarkPermanent();
                                });
        }
        if (i > 0)
        {
            later.emplace_back(Number4("10.1.", i, 1));
            later.emplace_back(Number6("fd01:", i, 1));
        }
        if (!pcap.empty())
        {
            link.EnablePcap(pcap + "-host", ends.Get(0), true);
        }
    }
    if (backup)
    {
        MptcpHelper::SetBackupAddresses(host, later);
    }

    if (!endpoint.empty())
    {
        Ptr<MptcpEndpoints> endpoints = CreateObject<MptcpEndpoints>();
        endpoints->SetAttribute("SubflowLimit", UintegerValue(8));
        endpoints->SetAttribute("AddAddrAccepted", UintegerValue(8));
        host->AggregateObject(endpoints);
        const auto has = [&endpoint](const char* flag)
        { return endpoint.find(flag) != std::string::npos; };
        MptcpEndpoint made;
        made.address = ipv6 ? IpAddress(Number6("fd01:", 1, 1)) : IpAddress(Number4("10.1.", 1, 1));
        made.port = endpointPort;
        made.signal = has("signal");
        made.subflow = has("subflow");
        made.backup = has("backup");
        made.fullmesh = has("fullmesh");
        Simulator::Schedule(Seconds(endpointAt), [endpoints, made]() { endpoints->Add(made); });
        if (endpointRemoveAt > 0)
        {
            Simulator::Schedule(Seconds(endpointRemoveAt), [endpoints]() { endpoints->Flush(); });
        }
        if (endpointBackupAt > 0)
        {
            Simulator::Schedule(Seconds(endpointBackupAt),
                                [endpoints]() { endpoints->SetBackup(1, true); });
        }
        if (endpointBackupUntil > 0)
        {
            Simulator::Schedule(Seconds(endpointBackupUntil),
                                [endpoints]() { endpoints->SetBackup(1, false); });
        }
    }

    Ptr<ByteStreamApplication> application = CreateObject<ByteStreamApplication>();
    application->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
    application->SetAttribute("MaxBytes", UintegerValue(bytes));
    const uint16_t ownPort = role == "client" ? localPort : port;
    const Address local = ipv6 ? Address(Inet6SocketAddress(Ipv6Address::GetAny(), ownPort))
                               : Address(InetSocketAddress(Ipv4Address::GetAny(), ownPort));
    const Address remote = ipv6 ? Address(Inet6SocketAddress(Number6("fd09:", 0, 2), port))
                                : Address(InetSocketAddress(Number4("10.9.", 0, 2), port));
    if (role == "client")
    {
        application->SetAttribute("Remote", AddressValue(remote));
    }
    if (ownPort > 0)
    {
        application->SetAttribute("Local", AddressValue(local));
    }
    host->AddApplication(application);
    application->SetStartTime(Seconds(startAt));

    uint32_t established = 0;
    uint32_t most = 0;
    std::string fallBack;
    host->GetObject<MptcpL4Protocol>()->TraceConnectWithoutContext(
        "NewConnection",
        Callback<void, Ptr<Object>>(
            [&](Ptr<Object> object)
            {
                Ptr<MptcpConnection> connection = DynamicCast<MptcpConnection>(object);
                connection->TraceConnectWithoutContext(
                    "SubflowEstablished",
                    Callback<void, Ptr<MptcpSubflow>>(
                        [&, raw = PeekPointer(connection)](Ptr<MptcpSubflow>)
                        {
                            ++established;
                            most = std::max<uint32_t>(most, raw->GetSubflows().size());
                        }));
                connection->TraceConnectWithoutContext(
                    "FallBack",
                    Callback<void, std::string>([&](std::string why) { fallBack = why; }));
            }));
    const auto getConnection = [&application]() -> Ptr<MptcpConnection>
    {
        Ptr<MptcpSocket> socket = DynamicCast<MptcpSocket>(application->GetSocket());
        return socket ? socket->GetConnection() : nullptr;
    };
    bool ended = false;
    double endedAt = 0;
    SubflowDetails last; // of the first subflow while there was one
    std::function<void()> watch = [&]()
    {
        Ptr<MptcpConnection> connection = getConnection();
        if (connection && !connection->GetSubflows().empty())
        {
            last = connection->GetSubflows().front()->GetDetails();
        }
        ended = connection && connection->IsEnded();
        if (ended)
        {
            endedAt = Simulator::Now().GetSeconds();
            // The last acknowledgments still travel.
            Simulator::Stop(Seconds(0.5));
            return;
        }
        Simulator::Schedule(MilliSeconds(50), watch);
    };
    Simulator::Schedule(Seconds(0.3), watch);
    constexpr uint32_t first = 1;
    if (downAt > 0)
    {
        Simulator::Schedule(Seconds(downAt), &SetInterface, host, first, false);
    }
    if (upAt > 0)
    {
        Simulator::Schedule(Seconds(upAt), &SetInterface, host, first, true);
    }
    const auto setLoss = [&firstLink](double rate)
    {
        for (const Ptr<RateErrorModel>& model : firstLink)
        {
            model->SetRate(rate);
        }
    };
    if (silentAt > 0)
    {
        Simulator::Schedule(Seconds(silentAt), [&setLoss]() { setLoss(1); });
    }
    if (silentUntil > 0)
    {
        Simulator::Schedule(Seconds(silentUntil), [&setLoss, loss]() { setLoss(loss); });
    }
    if (abortAt > 0)
    {
        Simulator::Schedule(Seconds(abortAt),
                            [&]()
                            {
                                if (Ptr<MptcpConnection> connection = getConnection())
                                {
                                    connection->Abort();
                                }
                            });
    }
    if (closeAt > 0)
    {
        Simulator::Schedule(Seconds(closeAt),
                            [&application]()
                            {
                                if (Ptr<Socket> socket = application->GetSocket())
                                {
                                    socket->Close();
                                }
                            });
    }
    Simulator::Schedule(Seconds(0.2), []() { std::cout << "ready" << std::endl; });
    Simulator::Stop(Seconds(limit));
    Simulator::Run();

    Ptr<MptcpConnection> connection = getConnection();
    std::cout << "{\"sent\": " << application->GetSent()
              << ", \"received\": " << application->GetReceived()
              << ", \"wrong\": " << application->GetWrong()
              << ", \"end\": " << (application->AtEnd() ? "true" : "false")
              << ", \"ended\": " << (ended ? "true" : "false") << ", \"endedAt\": " << endedAt
              << ", \"retransmissions\": " << last.retransmissions
              << ", \"pathMtu\": " << last.pathMtu << ", \"ecn\": " << (last.ecn ? "true" : "false")
              << ", \"errno\": " << (connection ? connection->GetErrno() : -1)
              << ", \"subflows\": " << established << ", \"most\": " << most << ", \"fallback\": \""
              << fallBack << "\", \"sha256_sent\": \"" << Digest(application->GetSent())
              << "\", \"sha256_received\": \""
              // Each byte that was read has been compared with the one that belongs there.
              << Digest(application->GetReceived()) << "\"}" << std::endl;
    connection = nullptr;
    application = nullptr;
    Simulator::Destroy();
    return 0;
}
