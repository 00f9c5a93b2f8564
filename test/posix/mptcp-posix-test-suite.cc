// SPDX-License-Identifier: GPL-2.0-only
// Programs in C that run in nodes: what POSIX promises them, what is an instance's own, and what
// they cannot reach.
#include "test-rig.h"

#include "ns3/elf-object.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4.h"
#include "ns3/loopback-net-device.h"
#include "ns3/mptcp-socket.h"
#include "ns3/names.h"
#include "ns3/posix-application.h"
#include "ns3/posix-program.h"
#include "ns3/string.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/uinteger.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

using namespace ns3;

namespace
{

/// @param name of a program @return path of its shared object
std::string
GetProgram(const std::string& name)
{
    return std::string(MPTCP_POSIX_PROGRAMS) + "/" + name + ".so";
}

/// @param node where @param name of a program @param arguments its @param at when it starts
/// @return the application
Ptr<PosixApplication>
Launch(Ptr<Node> node, const std::string& name, const std::string& arguments, Time at)
{
    auto application = CreateObject<PosixApplication>();
    application->SetAttribute("Program", StringValue(GetProgram(name)));
    application->SetAttribute("Arguments", StringValue(arguments));
    application->SetStartTime(at);
    node->AddApplication(application);
    return application;
}

/// @param test whose @param application must have ended @param code with this exit code
void
ExpectExit(ScenarioTestCase& test, Ptr<PosixApplication> application, int code)
{
    test.ExpectEqual(application->GetExitCode().value_or(-1),
                     code,
                     "exit code; the log: " + application->GetLog());
}

/// @param test whose @param text where @param part must be in it
void
ExpectIn(ScenarioTestCase& test, const std::string& text, const std::string& part)
{
    test.Expect(text.find(part) != std::string::npos, "'" + part + "' is not in: " + text);
}

/// The suite.
class PosixTestSuite : public ScenarioTestSuite
{
  public:
    PosixTestSuite()
        : ScenarioTestSuite("mptcp-posix")
    {
        AddCalls();
        AddNode();
        AddState();
        AddHost();
        AddEnds();
    }

  private:
    /// What calls of sockets do.
    void AddCalls()
    {
        for (const bool stock : {false, true})
        {
            for (const bool ipv6 : {false, true})
            {
                Add(std::string("Calls of sockets do what POSIX says, over ") +
                        (stock ? "ns-3's TCP, " : "Multipath TCP, ") + (ipv6 ? "IPv6" : "IPv4"),
                    [stock, ipv6](ScenarioTestCase& test)
                    {
                        RigOptions options;
                        options.paths.resize(2);
                        options.ipv6 = ipv6;
                        TestRig rig(options);
                        auto server = Launch(
                            rig.GetServer(), "posix-server", ipv6 ? "6" : "4", MilliSeconds(1));
                        auto client =
                            Launch(rig.GetClient(),
                                   "posix-client",
                                   ToText(rig.GetServerAddress(0, 0)) + (stock ? " stock" : ""),
                                   MilliSeconds(100));
                        if (stock)
                        {
                            const TypeIdValue tcp(TcpSocketFactory::GetTypeId());
                            server->SetAttribute("StreamProtocol", tcp);
                            client->SetAttribute("StreamProtocol", tcp);
                        }
                        rig.Run(Seconds(400));
                        test.ExpectEqual(client->GetLog(), "all right\n", "client");
                        test.ExpectEqual(server->GetLog(), "all right\n", "server");
                        ExpectExit(test, client, 0);
                        ExpectExit(test, server, 0);
                    });
            }
        }
        for (const bool stock : {false, true})
        {
            Add(std::string("What was bound stays bound after a failure, options can be set at any "
                            "time, and accept() without a number takes no connection, over ") +
                    (stock ? "ns-3's TCP" : "Multipath TCP"),
                [stock](ScenarioTestCase& test)
                {
                    TestRig rig;
                    auto server = Launch(rig.GetServer(),
                                         "posix-late",
                                         stock ? "stock" : "",
                                         Seconds(stock ? 700 : 5));
                    auto client =
                        Launch(rig.GetClient(),
                               "posix-late",
                               ToText(rig.GetServerAddress(0, 0)) + " " +
                                   ToText(rig.GetClientAddress(0, 0)) + (stock ? " stock" : ""),
                               Seconds(1));
                    if (stock)
                    {
                        const TypeIdValue tcp(TcpSocketFactory::GetTypeId());
                        server->SetAttribute("StreamProtocol", tcp);
                        client->SetAttribute("StreamProtocol", tcp);
                    }
                    rig.Run(Seconds(4000));
                    test.ExpectEqual(client->GetLog(), "all right\n", "client");
                    test.ExpectEqual(server->GetLog(), "all right\n", "server");
                });
        }
        for (const bool stock : {false, true})
        {
            Add(std::string(
                    "connect() tells once how it ended, leaves the TOS alone, and limits who "
                    "sends datagrams, over ") +
                    (stock ? "ns-3's TCP" : "Multipath TCP"),
                [stock](ScenarioTestCase& test)
                {
                    TestRig rig;
                    auto server = Launch(rig.GetServer(), "echo-server", "7000 3", Seconds(0));
                    auto client = Launch(rig.GetClient(),
                                         "posix-connect",
                                         ToText(rig.GetServerAddress(0, 0)) + " 7000" +
                                             (stock ? " stock" : ""),
                                         Seconds(1));
                    if (stock)
                    {
                        const TypeIdValue tcp(TcpSocketFactory::GetTypeId());
                        server->SetAttribute("StreamProtocol", tcp);
                        client->SetAttribute("StreamProtocol", tcp);
                    }
                    // What leaves the client, until the first stream has ended, and its TOS.
                    const auto server4 =
                        InetSocketAddress::ConvertFrom(rig.GetServerAddress(0, 0)).GetIpv4();
                    std::set<int> stream;
                    std::vector<int> datagrams;
                    const std::function<void(Ptr<const Packet>, Ptr<Ipv4>, uint32_t)> look =
                        [&](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t)
                    {
                        Ipv4Header header;
                        packet->PeekHeader(header);
                        if (header.GetDestination() == server4)
                        {
                            const bool udp = header.GetProtocol() == 17;
                            if (udp)
                            {
                                datagrams.push_back(header.GetTos());
                            }
                            else if (datagrams.empty())
                            {
                                stream.insert(header.GetTos());
                            }
                        }
                    };
                    rig.GetClient()->GetObject<Ipv4>()->TraceConnectWithoutContext(
                        "Tx", Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(look));
                    rig.Run(Seconds(2000));
                    test.ExpectEqual(client->GetLog(), "all right\n", "client");
                    test.Expect(stream == std::set<int>{0x28}, "TOS of the stream");
                    test.Expect(datagrams == std::vector<int>({0x48, 0x88}), "TOS of datagrams");
                });
        }
        for (const bool ipv6 : {false, true})
        {
            Add(std::string("A node with ") + (ipv6 ? "IPv6" : "IPv4") +
                    " alone has no sockets of the other family",
                [ipv6](ScenarioTestCase& test)
                {
                    RigOptions options;
                    options.ipv6 = ipv6;
                    TestRig rig(options);
                    auto program =
                        Launch(rig.GetClient(), "posix-family", ipv6 ? "6" : "4", Seconds(1));
                    rig.Run(Seconds(2));
                    ExpectExit(test, program, 0);
                });
        }
        Add("A program takes part in Multipath TCP without knowing of it",
            [](ScenarioTestCase& test)
            {
                RigOptions options;
                options.paths.resize(2);
                TestRig rig(options);
                auto server = Launch(rig.GetServer(), "echo-server", "7000", MilliSeconds(1));
                auto client = Launch(rig.GetClient(),
                                     "echo-client",
                                     ToText(rig.GetServerAddress(0, 0)) + " 7000 one 'two words'",
                                     Seconds(1));
                uint32_t connected = 0;
                client->TraceConnectWithoutContext(
                    "Connected",
                    Callback<void, Ptr<Socket>>(
                        [&connected, &test](Ptr<Socket> s)
                        {
                            auto own = DynamicCast<MptcpSocket>(s);
                            test.Expect(own && own->GetConnection()->IsMultipath(), "MPTCP");
                            connected++;
                        }));
                rig.Run(Seconds(30));
                // 20 ms there and back, and what the bits take.
                test.ExpectEqual(
                    client->GetLog(), "one after 20 ms\ntwo words after 20 ms\n", "client");
                test.ExpectEqual(server->GetLog(), "12 bytes\n", "server");
                test.ExpectEqual(connected, 1u, "connections");
                ExpectExit(test, client, 0);
                ExpectExit(test, server, 0);
                test.ExpectEqual(rig.GetLeftovers(), "", "left over");
            });
    }

    /// What a node tells of itself.
    void AddNode()
    {
        Add("getifaddrs() tells the addresses of the node, and the numbers that OPEN takes",
            [](ScenarioTestCase& test)
            {
                RigOptions options;
                options.paths.resize(2);
                options.bothFamilies = true;
                TestRig rig(options);
                std::vector<Ptr<NetDevice>> devices;
                for (uint32_t i = 0; i < rig.GetClient()->GetNDevices(); ++i)
                {
                    const auto device = rig.GetClient()->GetDevice(i);
                    if (!DynamicCast<LoopbackNetDevice>(device))
                    {
                        devices.push_back(device);
                    }
                }
                test.ExpectEqual(devices.size(), size_t(2), "one device for each path");
                Names::Add("wifi", devices[1]);
                rig.SetInterface(0, false);
                auto program = Launch(rig.GetClient(), "posix-interfaces", "", Seconds(1));
                rig.Run(Seconds(2));
                const std::string first = std::to_string(devices[0]->GetIfIndex() + 1);
                const std::string second = std::to_string(devices[1]->GetIfIndex() + 1);
                ExpectIn(
                    test, program->GetLog(), " 127.0.0.1/255.0.0.0 none up running loopback\n");
                ExpectIn(test,
                         program->GetLog(),
                         " ::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff none up");
                ExpectIn(test,
                         program->GetLog(),
                         "\n" + first + " " + first + " " + ToText(rig.GetClientAddress(0, 0)) +
                             "/255.255.255.0 none point-to-point\n");
                ExpectIn(test,
                         program->GetLog(),
                         "\nwifi " + second + " " + ToText(rig.GetClientAddress(1, 0)) +
                             "/255.255.255.0 none up running point-to-point\n");
                ExpectIn(test, program->GetLog(), "wifi " + second + " fe80::");
                ExpectExit(test, program, 0);
                Names::Clear();
            });
        for (const std::string linger : {"", "0", "5"})
        {
            Add("close() " +
                    (linger.empty() ? "without SO_LINGER" : "with SO_LINGER of " + linger + " s") +
                    (linger == "0" ? " aborts" : " delivers what was sent"),
                [linger](ScenarioTestCase& test)
                {
                    TestRig rig;
                    auto server = Launch(rig.GetServer(), "echo-server", "7000", Seconds(0));
                    auto client = Launch(rig.GetClient(),
                                         "posix-linger",
                                         ToText(rig.GetServerAddress(0, 0)) + " 7000 " + linger,
                                         Seconds(1));
                    rig.Run(Seconds(100));
                    test.ExpectEqual(server->GetLog(),
                                     linger == "0" ? "recv: Connection reset by peer\n5 bytes\n"
                                                   : "5 bytes\n",
                                     "server");
                    ExpectExit(test, client, 0);
                });
        }
    }

    /// What each instance has for itself.
    void AddState()
    {
        Add("Each of many instances has its own globals, errno, getopt, rand and strtok",
            [](ScenarioTestCase& test)
            {
                // What the host has is left alone: bytes of its streams, and its time zone.
                std::FILE* const host = std::tmpfile();
                std::fputs("kept", host);
                const char* zone = std::getenv("TZ");
                const std::string before = zone ? zone : "";
                setenv("TZ", "XYZ-7", 1);
                TestRig rig;
                std::vector<Ptr<PosixApplication>> instances;
                for (uint32_t i = 0; i < 40; ++i)
                {
                    instances.push_back(Launch(i % 2 ? rig.GetClient() : rig.GetServer(),
                                               "posix-state",
                                               "-a word -n 12 'two words' -- -x",
                                               MilliSeconds(100 * (i % 8))));
                }
                rig.Run(Seconds(30));
                zone ? setenv("TZ", before.c_str(), 1) : unsetenv("TZ");
                struct stat written;
                test.Expect(fstat(fileno(host), &written) == 0 && written.st_size == 0,
                            "fflush(NULL) of a program leaves the host's streams alone");
                std::fclose(host);
                const std::string alone = instances[0]->GetLog();
                ExpectIn(test, alone, "-a \n-n 12\nword word\nword two words\nword -x\nfirst ");
                ExpectIn(test, alone, "Connection refused\nperror: Connection timed out\nout ");
                ExpectIn(test, alone, "no newlinegoodbye 42\n");
                for (const auto& instance : instances)
                {
                    test.ExpectEqual(instance->GetLog(), alone, "as the first one");
                    ExpectExit(test, instance, 42);
                }
            });
        Add("What is written goes to the log, its file and its trace source",
            [](ScenarioTestCase& test)
            {
                TestRig rig;
                auto program = Launch(rig.GetClient(), "posix-state", "", Seconds(1));
                const auto file = std::filesystem::temp_directory_path() /
                                  ("mptcp-posix-" + std::to_string(getpid()) + ".log");
                program->SetAttribute("LogFile", StringValue(file.string()));
                program->SetAttribute("LogLimit", UintegerValue(10));
                std::string traced;
                program->TraceConnectWithoutContext(
                    "Output",
                    Callback<void, const std::string&>([&traced](const std::string& text)
                                                       { traced += text; }));
                rig.Run(Seconds(30));
                std::ifstream stream(file);
                std::stringstream text;
                text << stream.rdbuf();
                std::filesystem::remove(file);
                ExpectIn(test, traced, "no newlinegoodbye 42\n");
                test.ExpectEqual(text.str(), traced, "file");
                test.ExpectEqual(program->GetLog(), "oodbye 42\n", "the last bytes");
            });
    }

    /// What programs cannot reach.
    void AddHost()
    {
        Add("What a node does not have is ENOSYS, and a line in the log",
            [](ScenarioTestCase& test)
            {
                TestRig rig;
                auto program = Launch(rig.GetClient(), "posix-host", "", Seconds(1));
                rig.Run(Seconds(2));
                for (const char* name :
                     {"fork", "open", "fopen", "system", "epoll_create1", "access"})
                {
                    ExpectIn(test,
                             program->GetLog(),
                             std::string("[posix-host: ") + name +
                                 "() is not there in a node: ENOSYS]");
                }
                ExpectIn(test, program->GetLog(), "posix-host: warning 7: Bad file descriptor\n");
                ExpectIn(test, program->GetLog(), "1 is the log\n");
                ExpectIn(test, program->GetLog(), "free() of what malloc() has not given");
                ExpectIn(test, program->GetLog(), "aborted: abort()");
                ExpectExit(test, program, 134);
            });
        Add("A program that calls what is not there is refused before it is loaded",
            [](ScenarioTestCase& test)
            {
                test.ExpectEqual(PosixProgram::Check(GetProgram("posix-forbidden")),
                                 "it calls what is not there in a node: chmod, rename",
                                 "reason");
                TestRig rig;
                auto program = Launch(rig.GetClient(), "posix-forbidden", "", Seconds(1));
                rig.Run(Seconds(2));
                ExpectIn(test, program->GetLog(), "chmod, rename");
                ExpectExit(test, program, 127);
            });
        Add("Files that are no programs for a node are refused with a reason",
            [](ScenarioTestCase& test)
            {
                const auto check = [&test](const std::string& path, const std::string& reason)
                { ExpectIn(test, PosixProgram::Check(path), reason); };
                check("/nowhere/program.so", "No such file");
                check(MPTCP_TEST_VECTORS "/README.md", "not a shared object for this machine");
                check("/proc/self/exe", "not built for a node");
                // Any part of one is refused too, and none of them crashes.
                std::ifstream file(GetProgram("posix-host"), std::ios::binary);
                const std::string bytes((std::istreambuf_iterator<char>(file)), {});
                const auto part = std::filesystem::temp_directory_path() /
                                  ("mptcp-posix-" + std::to_string(getpid()) + ".so");
                for (size_t size = 0; size < bytes.size(); size += 97)
                {
                    std::ofstream(part, std::ios::binary) << bytes.substr(0, size);
                    test.Expect(!PosixProgram::Check(part.string()).empty(),
                                std::to_string(size) + " bytes");
                }
                std::filesystem::remove(part);
            });
        Add("The sources of all programs here call nothing that is not there",
            [](ScenarioTestCase& test)
            {
                uint32_t programs = 0;
                for (const auto& entry : std::filesystem::directory_iterator(MPTCP_POSIX_PROGRAMS))
                {
                    if (entry.path().extension() == ".so" &&
                        entry.path().stem() != "posix-forbidden")
                    {
                        test.ExpectEqual(
                            PosixProgram::Check(entry.path().string()), "", entry.path().string());
                        programs++;
                    }
                }
                test.Expect(programs > 5, "there are programs");
            });
    }

    /// How programs end.
    void AddEnds()
    {
        Add("The exit code has 8 bits, and all but _exit() writes what stdout holds",
            [](ScenarioTestCase& test)
            {
                TestRig rig;
                const auto all = Launch(rig.GetClient(), "posix-output", "return", Seconds(1));
                const auto exit = Launch(rig.GetClient(), "posix-output", "exit", Seconds(1));
                const auto none = Launch(rig.GetClient(), "posix-output", "_exit", Seconds(1));
                rig.Run(Seconds(2));
                test.ExpectEqual(all->GetLog(), "written at the end", "return");
                test.ExpectEqual(exit->GetLog(), "written at the end", "exit()");
                test.ExpectEqual(none->GetLog(), "written", "_exit()");
                ExpectExit(test, all, 255);
                ExpectExit(test, exit, 254);
                ExpectExit(test, none, 3);
            });
        Add("stdout writes all it is given, or tells that it could not",
            [](ScenarioTestCase& test)
            {
                TestRig rig;
                const auto closed = Launch(rig.GetClient(), "posix-output", "closed", Seconds(1));
                const auto all = Launch(rig.GetClient(), "posix-output", "long", Seconds(1));
                all->SetAttribute("LogLimit", UintegerValue(1000000));
                rig.Run(Seconds(2));
                ExpectExit(test, closed, 0);
                test.Expect(closed->GetLog().find('S') == std::string::npos, "only its text");
                ExpectExit(test, all, 0);
                test.ExpectEqual(all->GetLog().size(), size_t(200000), "bytes");
            });
        for (const std::string call : {"accept",
                                       "connect",
                                       "recv",
                                       "send",
                                       "printf",
                                       "return",
                                       "recvfrom",
                                       "poll",
                                       "qsort",
                                       "spin"})
        {
            for (const bool stopped : {true, false})
            {
                Add("A program that is in " + call + "() ends there when " +
                        (stopped ? "its time is over" : "the simulation is destroyed"),
                    [call, stopped](ScenarioTestCase& test)
                    {
                        // The program is the rig's last object to go in the second case.
                        Ptr<PosixApplication> program;
                        Ptr<PosixApplication> other;
                        {
                            TestRig rig;
                            const bool connects = call == "recv" || call == "send" ||
                                                  call == "printf" || call == "return";
                            other = Launch(rig.GetServer(),
                                           "posix-blocked",
                                           connects ? "accept" : "poll",
                                           Seconds(0));
                            const std::string address = call == "connect"
                                                            ? "10.99.99.99"
                                                            : ToText(rig.GetServerAddress(0, 0));
                            program = Launch(rig.GetClient(),
                                             "posix-blocked",
                                             call == "accept" ? call : call + " " + address,
                                             Seconds(1));
                            if (stopped)
                            {
                                program->SetStopTime(Seconds(1.1));
                                other->SetStopTime(Seconds(2));
                            }
                            rig.Run(stopped ? Seconds(300) : Seconds(1.1));
                            test.Expect(program->GetExitCode().has_value() == stopped, "ended");
                            if (stopped)
                            {
                                test.ExpectEqual(rig.GetLeftovers(), "", "left over");
                            }
                        }
                        // What stdout still held is written.
                        test.ExpectEqual(program->GetLog(), "in " + call + "()", "log");
                        ExpectExit(test, program, 137);
                        ExpectExit(test, other, 137);
                    });
            }
        }
        Add("What is thrown within a call ends the program, and arrives where the simulation runs",
            [](ScenarioTestCase& test)
            {
                TestRig rig;
                auto server = Launch(rig.GetServer(), "posix-server", "4", MilliSeconds(1));
                auto client = Launch(rig.GetClient(),
                                     "posix-client",
                                     ToText(rig.GetServerAddress(0, 0)),
                                     MilliSeconds(100));
                client->TraceConnectWithoutContext(
                    "Rx",
                    Callback<void, Ptr<Socket>, const std::vector<uint8_t>&>(
                        [](Ptr<Socket>, const std::vector<uint8_t>&)
                        { throw std::runtime_error("by the test"); }));
                std::string caught;
                try
                {
#ifdef __SANITIZE_ADDRESS__
                    // ns-3 does not free an event that throws.
                    __lsan::ScopedDisabler ignored;
#endif
                    rig.Run(Seconds(400));
                }
                catch (const std::runtime_error& error)
                {
                    caught = error.what();
                }
                test.ExpectEqual(caught, "by the test", "exception");
                ExpectExit(test, client, 134);
                // Everything else goes on.
                rig.Run(Seconds(800));
                test.Expect(server->GetExitCode().has_value(), "the server is over");
                test.ExpectEqual(rig.GetLeftovers(), "", "left over");
            });
    }
};

PosixTestSuite g_posixTestSuite; //!< the suite

} // namespace
