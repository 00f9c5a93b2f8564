// SPDX-License-Identifier: GPL-2.0-only
// A daemon in C that manages the paths of its node (examples/posix/path-daemon.c).
#include "socket-api-net.h"
#include "test-rig.h"

#include "ns3/posix-application.h"

namespace ns3
{

namespace
{

/// @param node where @param privileged attribute Privileged @param arguments its @return it
Ptr<PosixApplication>
LaunchDaemon(Ptr<Node> node, bool privileged, const std::string& arguments)
{
    auto application = CreateObject<PosixApplication>();
    application->SetAttribute("Program", StringValue(MPTCP_POSIX_PROGRAMS "/path-daemon.so"));
    application->SetAttribute("Arguments", StringValue(arguments));
    application->SetAttribute("Privileged", BooleanValue(privileged));
    application->SetStartTime(MilliSeconds(1));
    node->AddApplication(application);
    return application;
}

/// The suite.
class PosixControllerTestSuite : public ScenarioTestSuite
{
  public:
    PosixControllerTestSuite()
        : ScenarioTestSuite("mptcp-posix-controller")
    {
        Add("A daemon moves the connections of its node to another path",
            [](ScenarioTestCase& test)
            {
                SocketApiNet net;
                auto daemon = LaunchDaemon(net.clientNode, true, "10.0.0.1 10.1.0.1 2");
                net.Connect();
                SocketApiNet::Send(net.client, 100000);
                net.Run(Seconds(1));
                test.ExpectEqual(net.client->GetSubflowIds().size(), 2U, "subflows");
                net.Run(Seconds(3));
                test.Expect(net.client->GetSubflowIds() == std::vector<uint8_t>{2}, "moved");
                SocketApiNet::Send(net.client, 100000);
                net.Run(Seconds(1));
                test.ExpectEqual(net.received[net.server], 200000U, "bytes");
                net.client->Close();
                net.server->Close();
                net.Run(Seconds(2));
                test.ExpectEqual(daemon->GetLog(),
                                 "event 1 of subflow 1\nevent 1 of subflow 2\n"
                                 "event 2 of subflow 1\n1 connections, all closed\n",
                                 "its log");
                test.ExpectEqual(daemon->GetExitCode().value_or(-1), 0, "exit code");
            });
        Add("A message that does not fit is cut off, and MSG_TRUNC tells",
            [](ScenarioTestCase& test)
            {
                SocketApiNet net;
                auto program = CreateObject<PosixApplication>();
                program->SetAttribute("Program",
                                      StringValue(MPTCP_POSIX_PROGRAMS "/posix-control.so"));
                program->SetAttribute("Privileged", BooleanValue(true));
                net.clientNode->AddApplication(program);
                net.Run(Seconds(1));
                test.ExpectEqual(program->GetExitCode().value_or(-1), 0, program->GetLog());
            });
        Add("Without privilege it is EPERM",
            [](ScenarioTestCase& test)
            {
                SocketApiNet net;
                auto daemon = LaunchDaemon(net.clientNode, false, "10.0.0.1 10.1.0.1 2");
                net.Run(Seconds(1));
                test.ExpectEqual(daemon->GetExitCode().value_or(-1), 1, "exit code");
                test.Expect(daemon->GetLog().find("Operation not permitted") != std::string::npos,
                            "its log: " + daemon->GetLog());
            });
    }
} g_posixControllerTestSuite; //!< registers itself

} // namespace

} // namespace ns3
