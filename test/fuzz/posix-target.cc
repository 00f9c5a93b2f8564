// SPDX-License-Identifier: GPL-2.0-only
// Calls of a program that runs in a node (test/posix/posix-fuzz.c): descriptors, pointers, lengths
// and their order. The program looks at each result.
#include "fuzz-input.h"
#include "fuzz-targets.h"
#include "test-rig.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/posix-application.h"
#include "ns3/string.h"

#include <cstdio>
#include <string>

namespace ns3
{

namespace
{

constexpr int KILLED = 137; //!< exit code of a program that waits at the end

/// @param node where @param name of a program @param arguments its @param at when it starts
/// @return the application
Ptr<PosixApplication>
Launch(Ptr<Node> node, const char* name, const std::vector<std::string>& arguments, Time at)
{
    auto application = CreateObject<PosixApplication>();
    application->SetAttribute("Program",
                              StringValue(std::string(MPTCP_POSIX_PROGRAMS) + "/" + name + ".so"));
    application->SetArguments(arguments);
    application->SetStartTime(at);
    application->SetStopTime(Seconds(900));
    node->AddApplication(application);
    return application;
}

} // namespace

int
FuzzPosix(const uint8_t* data, size_t size)
{
    FuzzInput input(data, size);
    const uint8_t how = input.Byte();
    std::string hex;
    while (input.GetLeft() > 0)
    {
        char digits[3];
        std::snprintf(digits, sizeof(digits), "%02x", input.Byte());
        hex += digits;
    }
    RigOptions options;
    options.paths.resize(2);
    options.ipv6 = how & 0x01;
    {
        TestRig rig(options);
        if (how & 0x02)
        {
            Config::SetDefault("ns3::MptcpSocket::PathManager",
                               StringValue("ns3::MptcpNoPathManager"));
        }
        std::ostringstream address;
        const Address server = rig.GetServerAddress(0, 0);
        if (options.ipv6)
        {
            address << Inet6SocketAddress::ConvertFrom(server).GetIpv6();
        }
        else
        {
            address << InetSocketAddress::ConvertFrom(server).GetIpv4();
        }
        Launch(
            rig.GetServer(), "echo-server", {"7000", "1000", options.ipv6 ? "6" : "4"}, Seconds(0));
        auto program =
            Launch(rig.GetClient(), "posix-fuzz", {address.str(), hex}, MilliSeconds(10));
        program->SetAttribute("Privileged", BooleanValue(how & 0x04));
        rig.Run(Seconds(1000));
        const int code = program->GetExitCode().value_or(-1);
        if (code != 0 && code != KILLED)
        {
            std::fprintf(stderr, "exit code %d: %s", code, program->GetLog().c_str());
        }
        FuzzRequire(code == 0 || code == KILLED, "each call gives a result or an errno");
    }
    return 0;
}

} // namespace ns3
