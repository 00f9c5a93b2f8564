// SPDX-License-Identifier: GPL-2.0-only
#include "simulation.h"

#include "ns3/applications-module.h"
#include "ns3/internet-module.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>

using namespace ns3;

namespace handover
{

namespace
{

/// Tell on the standard error how far a long simulation is. @param scheme its name @param end of it
/// @param told when it was told last
void
ShowProgress(const std::string& scheme,
             Time end,
             std::chrono::steady_clock::time_point told = std::chrono::steady_clock::now())
{
    const auto now = std::chrono::steady_clock::now();
    if (now - told > std::chrono::seconds(3))
    {
        std::cerr << scheme << ": " << Simulator::Now().GetSeconds() << " of " << end.GetSeconds()
                  << " s are simulated" << std::endl;
        told = now;
    }
    Simulator::Schedule(MilliSeconds(100),
                        [scheme, end, told]() { ShowProgress(scheme, end, told); });
}

/// @param access what it is to be @return it
Ptr<PhoneAccess>
MakeAccess(const Access& access)
{
    return CreateObjectWithAttributes<PointToPointAccess>("DataRate",
                                                          DataRateValue(access.rate),
                                                          "Delay",
                                                          TimeValue(access.delay),
                                                          "QueuePackets",
                                                          UintegerValue(access.packets),
                                                          "LossRate",
                                                          DoubleValue(access.loss));
}

/// @param address IPv4 or IPv6 @param port a port @return both
Address
WithPort(const IpAddress& address, uint16_t port)
{
    if (IsIpv6(address))
    {
        return Inet6SocketAddress(std::get<Ipv6Address>(address), port);
    }
    return InetSocketAddress(std::get<Ipv4Address>(address), port);
}

/**
 * @param experiment what is to be done
 * @param wifi the phone's address
 * @param cellular the phone's address
 * @param server its address
 * @param port of the server
 * @return the phone's program, which knows when it will leave WiFi
 */
Ptr<PosixApplication>
CreateProgram(const Experiment& experiment,
              const IpAddress& wifi,
              const IpAddress& cellular,
              const IpAddress& server,
              uint16_t port)
{
    std::ostringstream arguments;
    arguments << (experiment.upload ? "-u " : "") << server << ' ' << port << ' ' << wifi;
    if (experiment.event != Event::NONE)
    {
        arguments << ' ' << std::max(0.0, (experiment.outageStart - Seconds(0.5)).GetSeconds())
                  << ' ' << cellular << ' ' << (experiment.outageEnd + Seconds(0.1)).GetSeconds()
                  << ' ' << wifi;
    }
    auto program = CreateObject<PosixApplication>();
    program->SetAttribute("Program",
                          StringValue(std::string(MPTCP_POSIX_PROGRAMS) + "/phone-handover.so"));
    program->SetAttribute("Arguments", StringValue(arguments.str()));
    return program;
}

} // namespace

TransferStatistics::Result
Run(const Scheme& scheme, const Experiment& experiment)
{
    RngSeedManager::SetSeed(experiment.seed);
    RngSeedManager::SetRun(experiment.run);

    SmartphoneHelper network;
    network.SetAccess(SmartphoneHelper::WIFI, MakeAccess(experiment.wifi));
    network.SetAccess(SmartphoneHelper::CELLULAR, MakeAccess(experiment.cellular));
    network.SetServerLink(experiment.serverRate, experiment.serverDelay, 1000);
    network.SetFamilies(!experiment.ipv6, experiment.ipv6);
    network.SetDefaultAccess(scheme.access);
    network.Build();
    // Streams with numbers of their own, since automatic ones go on from scheme to scheme.
    int64_t stream = 1000;
    stream += network.AssignStreams(stream);
    const NodeContainer hosts(network.GetPhone(), network.GetServer());
    if (scheme.own)
    {
        MptcpHelper mptcp;
        mptcp.SetSocketAttribute("Multipath", BooleanValue(scheme.multipath));
        mptcp.SetSocketAttribute("StaleMaxRto", TimeValue(experiment.staleMaxRto));
        mptcp.SetScheduler(experiment.scheduler.GetName());
        // A program that manages paths is the only one to do so.
        mptcp.SetPathManager(scheme.program ? "ns3::MptcpNoPathManager"
                                            : experiment.pathManager.GetName());
        mptcp.SetCongestionControl(experiment.congestion.GetName());
        mptcp.Install(hosts);
        MptcpHelper::AssignStreams(hosts, stream);
    }

    // One for which packet analysers expect no other protocol.
    const uint16_t port = 5001;
    const IpAddress phoneAddress = network.GetPhoneAddress(scheme.access, experiment.ipv6);
    const IpAddress serverAddress = network.GetServerAddress(experiment.ipv6);
    const IpAddress cellularAddress =
        network.GetPhoneAddress(SmartphoneHelper::CELLULAR, experiment.ipv6);
    const TypeId protocol =
        scheme.own ? MptcpSocketFactory::GetTypeId() : TcpSocketFactory::GetTypeId();
    const auto create = [protocol](const Address& local, const Address& remote)
    {
        return CreateObjectWithAttributes<ByteStreamApplication>("Protocol",
                                                                 TypeIdValue(protocol),
                                                                 "Local",
                                                                 AddressValue(local),
                                                                 "Remote",
                                                                 AddressValue(remote));
    };
    const Address serverSocket = WithPort(serverAddress, port);
    const Ptr<ByteStreamApplication> server = create(serverSocket, Address());
    Ptr<ByteStreamApplication> phoneStream;
    Ptr<Application> phone;
    if (scheme.program)
    {
        phone = CreateProgram(experiment, phoneAddress, cellularAddress, serverAddress, port);
    }
    else
    {
        phone = phoneStream = create(WithPort(phoneAddress, 0), serverSocket);
    }
    const Ptr<Application> sender = experiment.upload ? phone : Ptr<Application>(server);
    const Ptr<Application> receiver = experiment.upload ? Ptr<Application>(server) : phone;
    sender->SetAttributeFailSafe("MaxBytes", UintegerValue(std::numeric_limits<uint64_t>::max()));
    network.GetPhone()->AddApplication(phone);
    network.GetServer()->AddApplication(server);
    if (scheme.backup)
    {
        MptcpHelper::SetBackupAddresses(network.GetPhone(), {cellularAddress});
    }

    const std::filesystem::path folder = experiment.output / scheme.name;
    TransferStatistics::Settings watched;
    watched.folder = folder.string();
    watched.paths = {
        {"wifi", network.GetPhoneAddress(SmartphoneHelper::WIFI, experiment.ipv6)},
        {"cellular", cellularAddress},
    };
    watched.end = experiment.duration;
    watched.blockSize = experiment.blockSize;
    if (experiment.event != Event::NONE)
    {
        watched.outageStart = experiment.outageStart;
        watched.outageEnd = experiment.outageEnd;
    }
    TransferStatistics statistics(watched);
    statistics.Watch(sender, receiver);

    const auto wifi = SmartphoneHelper::WIFI;
    switch (experiment.event)
    {
    case Event::NONE:
        break;
    case Event::SILENT:
        network.ScheduleSilence(wifi, experiment.outageStart, experiment.outageEnd);
        break;
    case Event::INTERFACE:
        network.ScheduleInterfaceDown(wifi, experiment.outageStart, experiment.outageEnd);
        break;
    case Event::ADDRESS:
        network.ScheduleAddressLoss(wifi, experiment.outageStart, experiment.outageEnd);
        break;
    }
    if (experiment.pcapHosts)
    {
        network.EnablePcap(folder.string(), experiment.pcapRouters);
    }

    ShowProgress(scheme.name, experiment.duration);
    Simulator::Stop(experiment.duration);
    Simulator::Run();
    const TransferStatistics::Result result = statistics.Finish();
    for (const auto& [application, name] :
         {std::pair(phoneStream, "phone"), std::pair(server, "server")})
    {
        if (application && application->GetError() != Socket::ERROR_NOTERROR)
        {
            std::cout << scheme.name << ": the " << name << "'s connection failed before the end"
                      << std::endl;
        }
    }
    if (const auto program = DynamicCast<PosixApplication>(phone))
    {
        std::ofstream(folder / "program.log") << program->GetLog();
        if (program->GetExitCode())
        {
            std::cout << scheme.name << ": the program ended early: " << program->GetLog()
                      << std::endl;
        }
    }
    Simulator::Destroy();
    return result;
}

} // namespace handover
