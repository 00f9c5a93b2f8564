// SPDX-License-Identifier: GPL-2.0-only
// What is transferred, and what is noted of it.
#include "one-run.h"
#include "simulation.h"

#include "ns3/point-to-point-module.h"
#ifdef MPTCP_RADIO
#include "ns3/wifi-mac-queue.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-net-device.h"
#endif

#include <algorithm>
#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>

namespace handover
{

namespace
{

/// An application reconnects after so long without progress.
constexpr double STALL_SECONDS = 3;

/// @param device that sends over an access @return where packets wait in it, if that can be known
Ptr<const QueueBase>
GetQueue(Ptr<NetDevice> device)
{
    if (const auto link = DynamicCast<PointToPointNetDevice>(device))
    {
        return link->GetQueue();
    }
#ifdef MPTCP_RADIO
    if (const auto radio = DynamicCast<WifiNetDevice>(device))
    {
        return radio->GetMac()->GetTxopQueue(AC_BE);
    }
#endif
    return nullptr;
}

} // namespace

Ptr<PosixApplication>
Simulation::CreateProgram() const
{
    const IpAddress wifi = GetPhoneAddress(WIFI);
    const IpAddress cellular = GetPhoneAddress(CELLULAR);
    std::ostringstream arguments;
    arguments << (m_experiment.upload ? "-u " : "") << m_network.GetServerAddress(IsIpv6(wifi));
    if (IsIpv6(cellular) != IsIpv6(wifi))
    {
        arguments << ',' << m_network.GetServerAddress(IsIpv6(cellular));
    }
    arguments << ' ' << PORT << ' ' << wifi;
    if (m_experiment.event != Event::NONE)
    {
        arguments << ' ' << std::max(0.0, (m_outageStart - Seconds(0.5)).GetSeconds()) << ' '
                  << cellular << ' ' << (m_outageEnd + Seconds(0.1)).GetSeconds() << ' ' << wifi;
    }
    auto program = CreateObject<PosixApplication>();
    program->SetAttribute("Program", StringValue(MPTCP_POSIX_PROGRAMS "/phone-handover.so"));
    program->SetAttribute("Arguments", StringValue(arguments.str()));
    return program;
}

Ptr<ByteStreamApplication>
Simulation::CreateStream(const Address& local, const Address& remote, bool sends) const
{
    const uint64_t bytes = sends ? std::numeric_limits<uint64_t>::max() : 0;
    return CreateObjectWithAttributes<ByteStreamApplication>("Protocol",
                                                             TypeIdValue(m_protocol),
                                                             "Local",
                                                             AddressValue(local),
                                                             "Remote",
                                                             AddressValue(remote),
                                                             "MaxBytes",
                                                             UintegerValue(bytes));
}

template <typename Client>
Ptr<Client>
Simulation::CreateClient()
{
    auto client = CreateObject<Client>();
    client->SetAttribute("Protocol", TypeIdValue(m_protocol));
    client->SetAttribute("Remote", AddressValue(m_server));
    if (m_scheme.actor == Actor::RECONNECT)
    {
        client->SetAttribute("StallTimeout", TimeValue(Seconds(STALL_SECONDS)));
    }
    m_locals = GetLocals();
    client->SetLocals(m_locals);
    AddToPhone(client);
    m_client = client;
    return client;
}

Ptr<RangeServer>
Simulation::CreateRangeServer()
{
    auto server = CreateObject<RangeServer>();
    server->SetAttribute("Protocol", TypeIdValue(m_protocol));
    server->SetAttribute("Local", AddressValue(m_server));
    m_network.GetServer()->AddApplication(server);
    return server;
}

void
Simulation::AddBulk()
{
    const bool upload = m_experiment.upload;
    Ptr<Application> phone;
    Ptr<Application> server;
    if (m_scheme.actor == Actor::RECONNECT)
    {
        server = CreateRangeServer();
        auto client = CreateClient<RangeClient>();
        phone = client;
        // As good as for ever.
        constexpr uint64_t LENGTH = uint64_t{1} << 60;
        upload ? client->Put(LENGTH, nullptr) : client->Get(0, LENGTH, nullptr);
    }
    else
    {
        server = CreateStream(m_server, Address(), !upload);
        if (m_scheme.actor == Actor::PROGRAM)
        {
            phone = CreateProgram();
        }
        else
        {
            phone = CreateStream(GetLocals().front(), m_server, upload);
        }
        AddToPhone(phone);
        m_network.GetServer()->AddApplication(server);
    }

    TransferStatistics::Settings watched;
    watched.folder = m_experiment.series ? m_folder.string() : "";
    for (const auto access : {WIFI, CELLULAR})
    {
        TransferStatistics::Path path;
        path.name = access == WIFI ? "wifi" : "cellular";
        path.addresses = m_network.GetAddresses(access);
        path.queue = GetQueue(upload ? m_network.GetPhoneDevice(access)
                                     : m_network.GetAccess(access)->GetRouterDevice(0));
        watched.paths.push_back(path);
    }
    watched.end = m_experiment.duration;
    watched.blockSize = m_experiment.blockSize;
    if (m_experiment.event != Event::NONE)
    {
        watched.outageStart = m_outageStart;
        watched.outageEnd = m_outageEnd;
    }
    m_statistics = std::make_unique<TransferStatistics>(watched);
    m_statistics->Watch(upload ? phone : server, upload ? server : phone);

    m_finish = [this, phone, server]()
    {
        m_outcome.stream = m_statistics->Finish();
        for (const auto& application : {phone, server})
        {
            const auto stream = DynamicCast<ByteStreamApplication>(application);
            m_outcome.ended =
                m_outcome.ended || (stream && stream->GetError() != Socket::ERROR_NOTERROR);
        }
        if (const auto program = DynamicCast<PosixApplication>(phone))
        {
            std::ofstream(m_folder / "program.log") << program->GetLog();
            if (program->GetExitCode())
            {
                std::cout << m_scheme.name << ": the program ended early: " << program->GetLog()
                          << std::endl;
            }
        }
    };
}

void
Simulation::AddRequests()
{
    CreateRangeServer();
    auto client = CreateClient<PeriodicClient>();
    Connect<Time>(client, "Object", [this](Time latency) { AddDelay(latency); });
    m_finish = [this, client]() { AddMissing(client->GetMissing()); };
}

void
Simulation::AddPages()
{
    CreateRangeServer();
    auto client = CreateClient<WebPageClient>();
    client->AssignStreams(2000);
    Connect<Time>(client, "Page", [this](Time latency) { AddDelay(latency); });
    m_finish = [this, client]() { AddMissing(client->GetMissing()); };
}

void
Simulation::AddFrames()
{
    auto source = CreateObject<FrameSource>();
    source->SetAttribute("Protocol", TypeIdValue(m_protocol));
    source->SetAttribute("Local", AddressValue(m_server));
    m_network.GetServer()->AddApplication(source);
    const auto phone = CreateStream(GetLocals().front(), m_server, false);
    AddToPhone(phone);
    Connect<uint64_t, uint32_t>(phone,
                                "Rx",
                                [this, source](uint64_t offset, uint32_t size)
                                {
                                    while (m_delays.size() < (offset + size) / source->GetSize())
                                    {
                                        AddDelay(Simulator::Now() -
                                                 source->GetMade(m_delays.size()));
                                    }
                                });
    m_finish = [this, source, phone]()
    {
        m_outcome.stream.wrong = phone->GetWrong();
        std::vector<Time> missing;
        for (uint64_t i = m_delays.size(); i < source->GetFrames(); i++)
        {
            missing.push_back(source->GetMade(i));
        }
        AddMissing(missing);
        // Those that were made too late to be late are no verdict.
        m_outcome.late = std::count_if(m_outcome.delays.begin(),
                                       m_outcome.delays.end(),
                                       [this](double ms)
                                       { return ms > m_experiment.deadline.GetSeconds() * 1000; });
    };
}

void
Simulation::AddDelay(Time latency)
{
    m_delays.emplace_back(Simulator::Now(), latency);
    m_outcome.delays.push_back(latency.GetSeconds() * 1000);
}

void
Simulation::AddMissing(const std::vector<Time>& since)
{
    for (const Time& begin : since)
    {
        const Time waited = Simulator::Now() - begin;
        // What was asked for just before the end tells nothing.
        if (waited > Seconds(1))
        {
            m_outcome.delays.push_back(waited.GetSeconds() * 1000);
            m_outcome.missing++;
        }
    }
}

void
Simulation::WriteDelays(const std::string& columns) const
{
    std::ofstream file(m_folder / "delays.dat");
    file.precision(10);
    file << "# " << columns << '\n';
    for (const auto& [time, delay] : m_delays)
    {
        file << time.GetSeconds() << ' ' << delay.GetSeconds() * 1000 << '\n';
    }
    std::ofstream distribution(m_folder / "delay-cdf.dat");
    distribution.precision(10);
    distribution << "# delay_ms part_that_took_no_longer\n";
    for (size_t i = 0; i < m_outcome.delays.size(); i++)
    {
        distribution << m_outcome.delays[i] << ' '
                     << static_cast<double>(i + 1) / m_outcome.delays.size() << '\n';
    }
}

std::string
WhyNot(const Scheme& scheme, Traffic traffic, const Experiment& experiment)
{
    if (scheme.actor == Actor::RECONNECT && !experiment.wifi.SharesFamily(experiment.cellular))
    {
        return "its application knows one address of the server, and the accesses have no family "
               "in common";
    }
    if (traffic == Traffic::BULK)
    {
        return "";
    }
    if (experiment.upload)
    {
        return "only bulk can be uploaded";
    }
    if (scheme.actor == Actor::PROGRAM)
    {
        return "its program transfers in bulk only";
    }
    if (scheme.actor == Actor::RECONNECT && traffic == Traffic::FRAMES)
    {
        return "a live stream has no offset to go on at";
    }
    return "";
}

} // namespace handover
