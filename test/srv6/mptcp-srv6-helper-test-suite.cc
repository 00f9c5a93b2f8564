// SPDX-License-Identifier: GPL-2.0-only
// What Srv6Helper says of what cannot be done: one sentence that names what is wrong and what is
// accepted, with which the program ends.
#include "srv6-router.h"
#include "test-rig.h"

#include "ns3/boolean.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/srv6-helper.h"
#include "ns3/string.h"

#include <csignal>
#include <functional>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace ns3
{

namespace
{

/**
 * Do what ends the program, in a process of its own.
 * @param call it
 * @return what it said on standard error; nothing if it was not ended by abort()
 */
std::string
EndOf(const std::function<void()>& call)
{
    int ends[2];
    if (pipe(ends) != 0)
    {
        return "";
    }
    const pid_t child = fork();
    if (child == 0)
    {
        const rlimit none{0, 0};
        setrlimit(RLIMIT_CORE, &none);
        std::signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        call();
        _exit(0);
    }
    close(ends[1]);
    std::string told;
    char bytes[512];
    for (ssize_t size = 0; (size = read(ends[0], bytes, sizeof(bytes))) > 0;)
    {
        told.append(bytes, static_cast<size_t>(size));
    }
    close(ends[0]);
    int status = 0;
    const bool aborted = child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
                         WTERMSIG(status) == SIGABRT;
    return aborted ? told : "";
}

/// What is wrong, and the sentence about it.
struct Mistake
{
    std::function<void()> call; //!< what to do
    std::string sentence;       //!< that it must say
};

/// Hold a mistake against its sentence. @param test gets failures @param mistake it
void
Check(ScenarioTestCase& test, const Mistake& mistake)
{
    const std::string told = EndOf(mistake.call);
    // What stands around it is the simulator's: msg="...", the time, file and line.
    test.Expect(told.find("Srv6Helper: " + mistake.sentence + "\"") != std::string::npos,
                "wanted: " + mistake.sentence + "; told: " + told);
}

/// @param segments as text @return them
std::vector<Ipv6Address>
ToPath(const std::vector<const char*>& segments)
{
    return {segments.begin(), segments.end()};
}

/// A node with IPv4 and IPv6, one with IPv6, and one with nothing.
struct Nodes
{
    Nodes()
    {
        InternetStackHelper stack;
        stack.Install(both);
        stack.SetIpv4StackInstall(false);
        stack.Install(six);
        srv6.Install(NodeContainer(both, six));
    }

    ~Nodes()
    {
        Simulator::Destroy();
    }

    Srv6Helper srv6;                       //!< to be asked
    Ptr<Node> both = CreateObject<Node>(); //!< has IPv4 and IPv6, with segment routing
    Ptr<Node> six = CreateObject<Node>();  //!< has IPv6, with segment routing
    Ptr<Node> bare = CreateObject<Node>(); //!< has none of it
};

/// @param node one @return how sentences call it
std::string
Name(const Ptr<Node>& node)
{
    return "node " + std::to_string(node->GetId());
}

/// Nodes, attributes, prefixes.
void
AddNodes(ScenarioTestSuite& suite)
{
    suite.Add(
        "A node without IPv6, or without segment routing, is named",
        [](ScenarioTestCase& test)
        {
            Nodes nodes;
            const std::string bare = Name(nodes.bare);
            const Ptr<Node> none;
            const Ipv6Address sid("fc00:1::e");
            const std::string noIpv6 = " has no IPv6; InternetStackHelper comes first";
            const std::string noRouting = " has no segment routing; Install() comes first";
            const std::string nobody = "no node (a null pointer)";
            const auto policy = Srv6Helper::CreatePolicy(Srv6Steering::ENCAPS, {sid});
            const auto print = [](const Ptr<Node>& node)
            { Srv6Helper::PrintTable(node, Create<OutputStreamWrapper>(&std::cout)); };
            for (const auto& mistake :
                 std::vector<Mistake>{
                     {[&] { nodes.srv6.Install(nodes.bare); }, bare + noIpv6},
                     {[&] { nodes.srv6.Install(none); }, nobody + noIpv6},
                     {[&] { Srv6Helper::WatchFlows(NodeContainer(nodes.bare)); }, bare + noIpv6},
                     {[&] { nodes.srv6.AddLocator(nodes.bare, sid); }, bare + noRouting},
                     {[&] { nodes.srv6.AddLocator(none, sid); }, nobody + noRouting},
                     {[&] { Srv6Helper::AddSid(nodes.bare, sid, {}); }, bare + noRouting},
                     {[&] { Srv6Helper::Steer(nodes.bare, sid, 64, policy); }, bare + noRouting},
                     {[&] { print(nodes.bare); }, bare + noRouting},
                     {[&] { Srv6Helper::AddPing(none, sid); }, nobody + " to send from"},
                     {[&] { Srv6Helper::AddTraceroute(none, sid); }, nobody + " to send from"},
                 })
            {
                Check(test, mistake);
            }
        });
    suite.Add("An attribute that there is not is named, with those that there are",
              [](ScenarioTestCase& test)
              {
                  Srv6Helper srv6;
                  const std::string told =
                      EndOf([&] { srv6.Set("LinuxLike", BooleanValue(true)); });
                  const std::string sentence =
                      "Srv6Helper: no attribute is called LinuxLike; accepted: LinuxCompatible, ";
                  test.Expect(told.find(sentence) != std::string::npos, told);
                  Check(test,
                        {[&] { srv6.Set("LinuxCompatible", StringValue("perhaps")); },
                         "attribute LinuxCompatible does not take this value; accepted: bool"});
                  // What is right as text is taken.
                  srv6.Set("LinuxCompatible", StringValue("true"));
                  Nodes nodes;
                  srv6.Install(nodes.both);
                  BooleanValue value;
                  nodes.both->GetObject<Srv6Protocol>()->GetAttribute("LinuxCompatible", value);
                  test.Expect(value.Get(), "set");
              });
    suite.Add("What is no prefix and no unicast address is named",
              [](ScenarioTestCase& test)
              {
                  Nodes nodes;
                  const auto policy =
                      Srv6Helper::CreatePolicy(Srv6Steering::ENCAPS, ToPath({"fc00:1::"}));
                  const Ipv6Address group("ff0e::1");
                  const Ipv6Address any = Ipv6Address::GetAny();
                  const Ipv6Address prefix("fc00:1::");
                  for (const auto& mistake :
                       std::vector<Mistake>{
                           {[&] { nodes.srv6.AddLocator(nodes.both, prefix, 129); },
                            "a locator of 129 bits; accepted: 1 to 128"},
                           {[&] { nodes.srv6.AddLocator(nodes.both, prefix, 0); },
                            "a locator of 0 bits; accepted: 1 to 128"},
                           {[&] { nodes.srv6.AddLocator(nodes.both, group); },
                            "a locator ff0e::1; accepted: unicast addresses"},
                           {[&] { Srv6Helper::AddSid(nodes.both, group, {}); },
                            "a SID ff0e::1; accepted: unicast addresses"},
                           {[&] { Srv6Helper::AddSid(nodes.both, any, {}); },
                            "a SID ::; accepted: unicast addresses"},
                           {[&] { Srv6Helper::Steer(nodes.both, prefix, 129, policy); },
                            "a prefix to steer of 129 bits; accepted: 0 to 128"},
                           {[&] { Srv6Helper::Steer(nodes.both, group, 128, policy); },
                            "a prefix to steer ff0e::1; accepted: unicast addresses"},
                       })
                  {
                      Check(test, mistake);
                  }
                  // The default route is a prefix.
                  Srv6Helper::Steer(nodes.both, any, 0, policy);
                  test.Expect(!nodes.both->GetObject<Srv6Protocol>()->AddSid(group, 128, {}),
                              "the protocol says no");
              });
}

/// SIDs and policies.
void
AddSidsAndPolicies(ScenarioTestSuite& suite)
{
    suite.Add(
        "A SID that lacks what its behavior needs is named, and what it needs",
        [](ScenarioTestCase& test)
        {
            Nodes nodes;
            const auto encaps = Srv6Helper::CreatePolicy(Srv6Steering::ENCAPS, ToPath({"fc00::1"}));
            const auto with = [](Srv6Sid sid, const Ptr<const Srv6Policy>& policy)
            {
                sid.policy = policy;
                return sid;
            };
            const auto to = [](Srv6Behavior behavior, const char* neighbour)
            { return Srv6Sid(behavior, 0, {Ipv6Address(neighbour)}); };
            const std::string noneOf = "; accepted: 0, as only End, End.X and End.T have flavors";
            for (const auto& [sid, sentence] : std::vector<std::pair<Srv6Sid, std::string>>{
                     {{Srv6Behavior::END_X},
                      "End.X has no neighbour; accepted: one or more, by their global addresses"},
                     {{Srv6Behavior::END_DX6},
                      "End.DX6 has no neighbour; accepted: one or more, by their global addresses"},
                     {to(Srv6Behavior::END_X, "fe80::1"),
                      "End.X has the neighbour fe80::1; accepted: global unicast addresses"},
                     {to(Srv6Behavior::END_DX6, "ff02::1"),
                      "End.DX6 has the neighbour ff02::1; accepted: global unicast addresses"},
                     {{Srv6Behavior::END_DX4},
                      "End.DX4 has no neighbour; accepted: nextHop4, a unicast address"},
                     {{Srv6Behavior::END_B6_ENCAPS},
                      "End.B6.Encaps has no policy; accepted: one that is ENCAPS"},
                     {with({Srv6Behavior::END_B6_ENCAPS_REDUCED}, encaps),
                      "End.B6.Encaps.Red has a policy of another kind; accepted: one that is "
                      "ENCAPS_REDUCED"},
                     {{Srv6Behavior::END, 8},
                      "End has flavors 8; accepted: SRV6_PSP, SRV6_USP and SRV6_USD"},
                     {{Srv6Behavior::END_DT6, SRV6_PSP}, "End.DT6 has flavors 1" + noneOf},
                     {with({Srv6Behavior::END_B6_ENCAPS, SRV6_USD}, encaps),
                      "End.B6.Encaps has flavors 4" + noneOf},
                     {{static_cast<Srv6Behavior>(99)},
                      "behavior 99 is unknown; accepted: those of Srv6Behavior"},
                 })
            {
                test.ExpectEqual(sid.GetProblem(), sentence, "as text");
                const Srv6Sid& wrong = sid;
                Check(test,
                      {[&] { Srv6Helper::AddSid(nodes.both, Ipv6Address("fc00:1::e"), wrong); },
                       "SID fc00:1::e: " + sentence});
                test.Expect(!nodes.both->GetObject<Srv6Protocol>()->AddSid(
                                Ipv6Address("fc00:1::e"), 128, sid),
                            "the protocol says no");
            }
            Srv6Sid right(Srv6Behavior::END_DX4);
            right.nextHop4 = Ipv4Address("192.0.2.1");
            test.ExpectEqual(right.GetProblem(), std::string(), "a right one");
            test.ExpectEqual(
                Srv6Sid(Srv6Behavior::END_T, SRV6_PSP | SRV6_USP | SRV6_USD).GetProblem(),
                std::string(),
                "all flavors");
        });
    suite.Add(
        "A segment list that is none is named, and the wrong segment of it",
        [](ScenarioTestCase& test)
        {
            const std::vector<Ipv6Address> most(127, Ipv6Address("fc00::1"));
            const std::vector<Ipv6Address> more(128, Ipv6Address("fc00::1"));
            for (const auto& [steering, path, sentence] :
                 std::vector<std::tuple<Srv6Steering, std::vector<Ipv6Address>, std::string>>{
                     {Srv6Steering::ENCAPS, {}, "a segment list of 0 segments; accepted: 1 to 127"},
                     {Srv6Steering::ENCAPS_REDUCED,
                      more,
                      "a segment list of 128 segments; accepted: 1 to 127"},
                     {Srv6Steering::INSERT,
                      most,
                      "a segment list of 127 segments; accepted: 1 to 126"},
                     {Srv6Steering::ENCAPS,
                      ToPath({"fc00::1", "ff0e::1"}),
                      "segment 2 of the list is ff0e::1; accepted: unicast addresses"},
                     {Srv6Steering::INSERT,
                      ToPath({"::"}),
                      "segment 1 of the list is ::; accepted: unicast addresses"},
                 })
            {
                test.ExpectEqual(Srv6Policy::GetProblem(steering, path), sentence, "as text");
                const auto how = steering;
                const auto& wrong = path;
                Check(test, {[&] { Srv6Helper::CreatePolicy(how, wrong); }, sentence});
                test.Expect(!Srv6Policy(steering).AddSegmentList(path), "the policy says no");
            }
            test.ExpectEqual(Srv6Policy::GetProblem(Srv6Steering::ENCAPS, most, 0),
                             std::string("a segment list of weight 0; accepted: 1 or more"),
                             "no weight");
            test.ExpectEqual(
                Srv6Policy::GetProblem(Srv6Steering::ENCAPS, most), std::string(), "a right one");
            for (const auto& [steering, accepted] :
                 {std::pair(Srv6Steering::ENCAPS, "125"), std::pair(Srv6Steering::INSERT, "124")})
            {
                test.ExpectEqual(Srv6Policy::GetProblem(steering, most, 1, true),
                                 std::string("a segment list of 127 segments; accepted: 1 to ") +
                                     accepted + " beside an HMAC",
                                 "with a key");
            }
        });
    suite.Add(
        "What cannot be steered is named, and by what it can be",
        [](ScenarioTestCase& test)
        {
            Nodes nodes;
            const auto insert = Srv6Helper::CreatePolicy(Srv6Steering::INSERT, ToPath({"fc00::1"}));
            const auto encaps = Srv6Helper::CreatePolicy(Srv6Steering::ENCAPS, ToPath({"fc00::1"}));
            const Ipv4Address network("192.0.2.0");
            const Ipv4Mask mask("/24");
            const std::string start = "IPv4 to 192.0.2.0 is not steered: ";
            for (const auto& mistake :
                 std::vector<Mistake>{
                     {[&] { Srv6Helper::Steer(nodes.both, Ipv6Address("fd00::"), 16, nullptr); },
                      "fd00::/16 is steered into no policy (a null pointer); accepted: what "
                      "CreatePolicy() gives"},
                     {[&] { Srv6Helper::Steer(nodes.both, network, mask, insert); },
                      start + "the policy inserts; accepted: ENCAPS or ENCAPS_REDUCED"},
                     {[&] { Srv6Helper::Steer(nodes.both, network, mask, nullptr); },
                      start + "no policy; accepted: ENCAPS or ENCAPS_REDUCED"},
                     {[&] { Srv6Helper::Steer(nodes.six, network, mask, encaps); },
                      start + Name(nodes.six) + " has no IPv4; InternetStackHelper comes first"},
                 })
            {
                Check(test, mistake);
            }
        });
}

/// What the helper says.
class MptcpSrv6HelperTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6HelperTestSuite()
        : ScenarioTestSuite("mptcp-srv6-helper")
    {
        AddNodes(*this);
        AddSidsAndPolicies(*this);
    }
};

MptcpSrv6HelperTestSuite g_mptcpSrv6HelperTestSuite; //!< registers itself

} // namespace

} // namespace ns3
