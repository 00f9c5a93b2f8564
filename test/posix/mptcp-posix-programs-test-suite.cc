// SPDX-License-Identifier: GPL-2.0-only
// Programs that steer their subflows by the calls of draft-hesmans-mptcp-socket-03, as a user would
// write them: examples/posix.
#include "test-rig.h"

#include "ns3/byte-stream-application.h"
#include "ns3/config.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-path-manager.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/posix-application.h"
#include "ns3/smartphone-helper.h"
#include "ns3/string.h"
#include "ns3/transfer-statistics.h"

#include <cerrno>
#include <filesystem>
#include <limits>
#include <unistd.h>

using namespace ns3;

namespace
{

/// @param node where @param name of a program @param arguments its @param at when it starts
/// @return the application
Ptr<PosixApplication>
Launch(Ptr<Node> node, const std::string& name, const std::string& arguments, Time at)
{
    auto application = CreateObject<PosixApplication>();
    application->SetAttribute("Program",
                              StringValue(std::string(MPTCP_POSIX_PROGRAMS) + "/" + name + ".so"));
    application->SetAttribute("Arguments", StringValue(arguments));
    application->SetStartTime(at);
    node->AddApplication(application);
    return application;
}

/// Nobody but programs opens subflows.
void
LeavePathsAlone()
{
    Config::SetDefault("ns3::MptcpSocket::PathManager", StringValue("ns3::MptcpNoPathManager"));
}

/// @return a rule after which the peer knows no token of an MP_JOIN, and answers by a RST
WireRule
SpoilTokens()
{
    return [](WireSegment& segment, WireFate& fate)
    {
        const auto* join = segment.FindMptcp(wire::MP_JOIN);
        if (IsSyn(segment) && join)
        {
            segment.frame[join->at + 4] ^= 1;
            fate.modified = true;
        }
    };
}

/// A phone and a server of the handover experiment, with a stream between them.
struct Phone
{
    SmartphoneHelper network;          //!< the topology
    Ptr<ByteStreamApplication> server; //!< sends to the phone, or listens to it
    std::string serverAddress;         //!< as text
    std::string wifi;                  //!< the phone's address
    std::string cellular;              //!< the phone's address
    bool ipv6;                         //!< family

    /// @param ipv6 family @param serverSends as much as it can
    Phone(bool ipv6, bool serverSends)
        : ipv6(ipv6)
    {
        network.SetFamilies(!ipv6, ipv6);
        network.Build();
        network.AssignStreams(100);
        MptcpHelper mptcp;
        mptcp.SetPathManager("ns3::MptcpNoPathManager");
        mptcp.Install(NodeContainer(network.GetPhone(), network.GetServer()));
        const auto toText = [](const IpAddress& address)
        {
            std::ostringstream text;
            text << address;
            return text.str();
        };
        const IpAddress address = network.GetServerAddress(ipv6);
        serverAddress = toText(address);
        wifi = toText(network.GetPhoneAddress(SmartphoneHelper::WIFI, ipv6));
        cellular = toText(network.GetPhoneAddress(SmartphoneHelper::CELLULAR, ipv6));
        server = CreateObject<ByteStreamApplication>();
        server->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
        server->SetAttribute("Local", AddressValue(ToSocketAddress(address, 5001)));
        if (serverSends)
        {
            server->SetAttribute("MaxBytes", UintegerValue(std::numeric_limits<uint64_t>::max()));
        }
        network.GetServer()->AddApplication(server);
    }
};

/// The suite.
class PosixProgramsTestSuite : public ScenarioTestSuite
{
  public:
    PosixProgramsTestSuite()
        : ScenarioTestSuite("mptcp-posix-programs")
    {
        AddKernelClients();
        AddOpens();
        AddHandovers();
        AddBackup();
    }

  private:
    /// Clients of the kernel that had the draft's options.
    void AddKernelClients()
    {
        for (const bool ipv6 : {false, true})
        {
            Add(std::string("A client of the kernel's layouts opens, lists and closes subflows, ") +
                    (ipv6 ? "IPv6 in 57 bytes" : "IPv4 in 33 bytes"),
                [ipv6](ScenarioTestCase& test)
                {
                    LeavePathsAlone();
                    RigOptions options;
                    options.paths.resize(2);
                    options.ipv6 = ipv6;
                    TestRig rig(options);
                    const std::string server = ToText(rig.GetServerAddress(0, 0));
                    const std::string first = ToText(rig.GetClientAddress(0, 0));
                    const std::string second = ToText(rig.GetClientAddress(1, 0));
                    auto client = Launch(
                        rig.GetClient(), "kernel-list", server + " 7000 " + second, Seconds(1));
                    auto peer = Launch(
                        rig.GetServer(), "echo-server", ipv6 ? "7000 1 6" : "7000", Seconds(0));
                    rig.Run(Seconds(60));
                    const std::string end = " " + server + " established\n";
                    test.ExpectEqual(client->GetLog(),
                                     "1 subflows after 2 tries\n1: " + first + end +
                                         "opened 2 with " + (ipv6 ? "57" : "33") +
                                         " bytes\n2 subflows after 3 tries\n2: " + second + end +
                                         "1: " + first + end +
                                         "1 subflows after 2 tries\n2: " + second + end,
                                     "what it prints");
                    test.ExpectEqual(client->GetExitCode().value_or(-1), 0, "exit code");
                    test.ExpectEqual(peer->GetLog(), "12 bytes\n", "what the server got");
                });
        }
        Add("A client that refreshes its subflow over and over gets a new one each time",
            [](ScenarioTestCase& test)
            {
                LeavePathsAlone();
                RigOptions options;
                options.paths.resize(2);
                TestRig rig(options);
                auto client = Launch(rig.GetClient(),
                                     "kernel-refresh",
                                     ToText(rig.GetServerAddress(0, 0)) + " 7000 " +
                                         ToText(rig.GetClientAddress(1, 0)) + " 20",
                                     Seconds(1));
                auto peer = Launch(rig.GetServer(), "echo-server", "7000", Seconds(0));
                rig.Run(Seconds(60));
                const std::string log = client->GetLog();
                test.Expect(log.find("2 replaced by 3, round trip 2") == 0, "begins with: " + log);
                test.Expect(log.find("21 replaced by 22, ") != std::string::npos,
                            "goes on to: " + log);
                test.ExpectEqual(client->GetExitCode().value_or(-1), 0, "exit code");
                test.ExpectEqual(peer->GetLog(), "20005 bytes\n", "what the server got");
            });
    }

    /// What OPEN waits for.
    void AddOpens()
    {
        for (const int error : {0, ETIMEDOUT, ECONNREFUSED})
        {
            Add(std::string(
                    "3.2: on a blocking descriptor OPEN waits, by either call and in either "
                    "layout, and returns ") +
                    (error == 0           ? "when the subflow can be used"
                     : error == ETIMEDOUT ? "ETIMEDOUT if nothing answers"
                                          : "ECONNREFUSED if a RST does"),
                [error](ScenarioTestCase& test)
                {
                    LeavePathsAlone();
                    RigOptions options;
                    options.paths.resize(2);
                    TestRig rig(options);
                    if (error == ETIMEDOUT)
                    {
                        rig.Path(1)->AddRule(FilterChannel::UP, DropNth(IsSyn, 1, 1000));
                    }
                    else if (error == ECONNREFUSED)
                    {
                        rig.Path(1)->AddRule(FilterChannel::UP, SpoilTokens());
                    }
                    auto client = Launch(rig.GetClient(),
                                         "posix-open",
                                         ToText(rig.GetServerAddress(0, 0)) + " 7000 " +
                                             ToText(rig.GetClientAddress(1, 0)) +
                                             (error ? " " + std::to_string(error) : ""),
                                         Seconds(1));
                    auto peer = Launch(rig.GetServer(), "echo-server", "7000", Seconds(0));
                    rig.Run(Seconds(1000));
                    test.ExpectEqual(client->GetLog(), "all right\n", "client");
                    test.ExpectEqual(client->GetExitCode().value_or(-1), 0, "exit code");
                    test.ExpectEqual(peer->GetLog(), "5 bytes\n", "what the server got");
                });
        }
        Add("4: recvmsg() on a blocking descriptor waits for bytes, and loses no event",
            [](ScenarioTestCase& test)
            {
                LeavePathsAlone();
                TestRig rig;
                auto client = Launch(rig.GetClient(),
                                     "posix-events",
                                     ToText(rig.GetServerAddress(0, 0)) + " 7000",
                                     Seconds(1));
                Launch(rig.GetServer(), "echo-server", "7000", Seconds(0));
                rig.Run(Seconds(30));
                test.ExpectEqual(client->GetLog(), "all right\n", "client");
                test.ExpectEqual(client->GetExitCode().value_or(-1), 0, "exit code");
            });
    }

    /// Section 2 of the draft.
    void AddHandovers()
    {
        for (const bool upload : {false, true})
        {
            for (const bool ipv6 : {false, true})
            {
                // Two of the four say most, and all take long.
                const auto add = upload == ipv6 ? &PosixProgramsTestSuite::Add
                                                : &PosixProgramsTestSuite::AddSlow;
                (this->*add)(
                    std::string("2: the program moves the connection before WiFi is lost, without "
                                "an interruption, ") +
                        (upload ? "upload, " : "download, ") + (ipv6 ? "IPv6" : "IPv4"),
                    [upload, ipv6](ScenarioTestCase& test) { Handover(test, upload, ipv6); });
            }
        }
    }

    /// @param test whose @param upload direction @param ipv6 family
    static void Handover(ScenarioTestCase& test, bool upload, bool ipv6)
    {
        Phone phone(ipv6, !upload);
        auto program = Launch(phone.network.GetPhone(),
                              "phone-handover",
                              std::string(upload ? "-u " : "") + phone.serverAddress + " 5001 " +
                                  phone.wifi + " 3.5 " + phone.cellular + " 7.1 " + phone.wifi,
                              Seconds(0));
        const auto folder =
            std::filesystem::temp_directory_path() / ("mptcp-posix-" + std::to_string(getpid()));
        std::filesystem::create_directories(folder);
        TransferStatistics::Result result;
        {
            TransferStatistics::Settings settings;
            settings.folder = folder.string();
            settings.paths = {{"wifi", phone.network.GetAddresses(SmartphoneHelper::WIFI)},
                              {"cellular", phone.network.GetAddresses(SmartphoneHelper::CELLULAR)}};
            settings.end = Seconds(10);
            settings.outageStart = Seconds(4);
            settings.outageEnd = Seconds(7);
            TransferStatistics statistics(settings);
            if (upload)
            {
                statistics.Watch(program, phone.server);
            }
            else
            {
                statistics.Watch(phone.server, program);
            }
            phone.network.ScheduleSilence(SmartphoneHelper::WIFI, Seconds(4), Seconds(7));
            Simulator::Stop(Seconds(10));
            Simulator::Run();
            result = statistics.Finish();
        }
        const std::string log = program->GetLog();
        Simulator::Destroy();
        std::filesystem::remove_all(folder);
        test.ExpectEqual(result.wrong, 0u, "wrong bytes");
        test.Expect(result.delivered > 10000000, "bytes: " + std::to_string(result.delivered));
        std::ostringstream interruption;
        interruption << result.interruption.value_or(Seconds(99)).As(Time::S);
        test.Expect(result.interruption && *result.interruption <= Seconds(0.3),
                    "no interruption longer than 0.3 s: " + interruption.str());
        test.Expect(result.pathBytes[1] > 1000000, "cellular carries the connection");
        for (const std::string& part : {"subflow 2 is from " + phone.cellular,
                                        std::string("closed subflow 1"),
                                        "subflow 3 is from " + phone.wifi,
                                        std::string("closed subflow 2")})
        {
            test.Expect(log.find(part) != std::string::npos, "'" + part + "' is not in: " + log);
        }
    }

    /// Section 4 of the draft.
    void AddBackup()
    {
        Add("4: the program keeps a backup, uses it when WiFi's address is lost, and goes back",
            [](ScenarioTestCase& test)
            {
                Phone phone(false, true);
                auto program =
                    Launch(phone.network.GetPhone(),
                           "phone-backup",
                           phone.serverAddress + " 5001 " + phone.wifi + " " + phone.cellular,
                           Seconds(0));
                uint64_t received = 0;
                uint64_t wrong = 0;
                uint64_t atLoss = 0;
                uint64_t atReturn = 0;
                program->TraceConnectWithoutContext(
                    "Rx",
                    Callback<void, Ptr<Socket>, const std::vector<uint8_t>&>(
                        [&](Ptr<Socket>, const std::vector<uint8_t>& bytes)
                        {
                            std::vector<uint8_t> expected(bytes.size());
                            ByteStreamApplication::Fill(
                                received, expected.data(), static_cast<uint32_t>(bytes.size()));
                            wrong += bytes != expected;
                            received += bytes.size();
                        }));
                phone.network.ScheduleAddressLoss(SmartphoneHelper::WIFI, Seconds(3), Seconds(6));
                Simulator::Schedule(Seconds(3.5), [&]() { atLoss = received; });
                Simulator::Schedule(Seconds(6), [&]() { atReturn = received; });
                Simulator::Stop(Seconds(10));
                Simulator::Run();
                const std::string log = program->GetLog();
                Simulator::Destroy();
                test.ExpectEqual(wrong, 0u, "wrong reads");
                test.Expect(atReturn > atLoss + 1000000, "the backup carries the connection");
                test.Expect(received > atReturn + 3000000, "WiFi carries it again");
                // In this order.
                size_t at = 0;
                for (const std::string part : {"created subflow 2",
                                               "WiFi is gone",
                                               "deleted subflow 1",
                                               "no backup any more is 2",
                                               "WiFi is back",
                                               "created subflow 3",
                                               "backup now is 2"})
                {
                    at = log.find(part, at);
                    test.Expect(at != std::string::npos, "'" + part + "' is not in: " + log);
                    at = at == std::string::npos ? 0 : at;
                }
            });
    }
};

PosixProgramsTestSuite g_posixProgramsTestSuite; //!< the suite

} // namespace
