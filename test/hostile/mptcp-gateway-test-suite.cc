// SPDX-License-Identifier: GPL-2.0-only
// Gateways that change the payload, as for FTP (RFC 8684 sections 3.7 and 6).
#include "middlebox-scene.h"

#include "ns3/string.h"

#include <optional>
#include <tuple>

namespace ns3
{

namespace
{

using namespace middleboxes;

constexpr const char* ADDRESS = "10,1,0,1"; //!< what an FTP gateway looks for

/// @param quiet bytes at the beginning without an address
/// @return lines as of an FTP control connection, with an address now and then
std::string
MakeDialogue(size_t quiet)
{
    std::string text;
    for (uint32_t line = 0; text.size() < SIZE; line++)
    {
        text += line % 300 == 150 && text.size() >= quiet
                    ? std::string("PORT ") + ADDRESS + ",78,32\r\n"
                    : "200 line " + std::to_string(line) + " of a dialogue\r\n";
    }
    return text;
}

/// @param original what was sent @param received what arrived @param address what the gateway
/// writes instead of ADDRESS
/// @return how often it stands there if all else is as it was, or nothing
std::optional<uint32_t>
CountChanges(const std::string& original, const std::string& received, const std::string& address)
{
    const std::string find = ADDRESS;
    uint32_t changes = 0;
    size_t at = 0;
    for (size_t i = 0; i < original.size();)
    {
        const bool here = original.compare(i, find.size(), find) == 0;
        if (here && received.compare(at, find.size(), find) != 0)
        {
            if (received.compare(at, address.size(), address) != 0)
            {
                return std::nullopt;
            }
            changes++;
            i += find.size();
            at += address.size();
            continue;
        }
        if (at >= received.size() || received[at] != original[i])
        {
            return std::nullopt;
        }
        i++;
        at++;
    }
    return at == received.size() ? std::optional(changes) : std::nullopt;
}

/// What a gateway writes, and where.
struct Gateway
{
    std::string address;  //!< instead of ADDRESS
    bool upload{true};    //!< direction of the data
    int path{-1};         //!< which has the box; -1: all
    uint32_t paths{1};    //!< how many there are
    bool ipv6{false};     //!< family
    bool checksums{true}; //!< of MPTCP
};

/// @param test to report to @param gateway what there is
void
RunGateway(ScenarioTestCase& test, const Gateway& gateway)
{
    RigOptions options;
    options.paths.resize(gateway.paths);
    options.ipv6 = gateway.ipv6;
    options.checksums = true;
    TestRig rig(options);
    Tally tally;
    Watch(rig, tally);
    Scene scene;
    scene.path = gateway.path;
    scene.boxes = [&](MiddleboxHelper& helper, uint32_t)
    {
        helper.Add("ns3::PayloadRewritingBox",
                   "Find",
                   StringValue(ADDRESS),
                   "Replace",
                   StringValue(gateway.address));
    };
    const auto links = InstallBoxes(rig, scene);
    RecordedTransfer transfer(rig, PORT);
    transfer.client.attributes = {{"Checksum", gateway.checksums ? "true" : "false"}};
    // With two paths, addresses come when the second subflow has joined.
    const std::string dialogue = MakeDialogue(gateway.paths > 1 ? SIZE / 3 : 0);
    (gateway.upload ? transfer.client : transfer.server).send = dialogue;
    transfer.Start();
    rig.Run(Seconds(600));
    const auto& source = gateway.upload ? transfer.client : transfer.server;
    const auto& sink = gateway.upload ? transfer.server : transfer.client;
    const auto changes = CountChanges(source.send, sink.received, gateway.address);
    test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
    ExpectActions(test, links);
    ExpectChecksums(test, rig);
    if (gateway.path < 0 && gateway.paths > 1)
    {
        // As in Linux nothing falls back once there were two subflows: the second one that is
        // reset takes the connection with it.
        test.Expect(transfer.client.failed && transfer.server.failed, "both ends are told");
        test.Expect(sink.received.size() >= SIZE / 4, "much has arrived");
        test.Expect(source.send.compare(0, sink.received.size(), sink.received) == 0,
                    "what has arrived is the beginning of the original");
        return;
    }
    test.Expect(transfer.client.eof && transfer.server.eof, "both ends read the end");
    if (!changes)
    {
        test.Expect(false,
                    std::to_string(sink.received.size()) + " bytes of " +
                        std::to_string(source.send.size()) + " arrive, other than the gateway's");
        return;
    }
    test.ExpectEqual(tally.agreed, 1U, "MP_CAPABLE agreed to");
    if (gateway.path >= 0)
    {
        test.ExpectEqual(*changes, 0U, "changes that arrive although a clean subflow is there");
        test.Expect(!tally.infinite, "no infinite mapping");
    }
    else
    {
        test.Expect(*changes > 0, "the changed text arrives");
        test.ExpectEqual(tally.infinite, gateway.checksums, "an infinite mapping");
    }
}

/// Gateways that change the payload, with and without another length.
void
AddGateways(ScenarioTestSuite& suite)
{
    const std::pair<const char*, const char*> texts[] = {
        {"same", "99,9,9,9"}, {"greater", "192,168,100,200"}, {"smaller", "9,9,9,9"}};
    const std::tuple<const char*, int, uint32_t> places[] = {
        {"the only subflow: the changed stream arrives by MP_FAIL", -1, 1},
        {"the second of two subflows: the original arrives", 1, 2},
        {"the first of two subflows: the original arrives", 0, 2},
        {"both of two subflows: both ends are told of an error", -1, 2}};
    for (const auto& [length, text] : texts)
    {
        for (const auto& [place, path, paths] : places)
        {
            for (const bool upload : {true, false})
            {
                const Gateway gateway{text, upload, path, paths, !upload, true};
                suite.Add(std::string("payload is changed to the ") + length + " length on " +
                              place + (upload ? ", upload" : ", download, IPv6"),
                          [gateway](ScenarioTestCase& test) { RunGateway(test, gateway); });
            }
        }
    }
    const Gateway unnoticed{"99,9,9,9", true, -1, 1, false, false};
    suite.Add("payload is changed to the same length without checksums: nobody notices",
              [unnoticed](ScenarioTestCase& test) { RunGateway(test, unnoticed); });
}

/// The suite.
class MptcpGatewayTestSuite : public ScenarioTestSuite
{
  public:
    MptcpGatewayTestSuite()
        : ScenarioTestSuite("mptcp-gateway")
    {
        AddGateways(*this);
    }
};

MptcpGatewayTestSuite g_mptcpGatewayTestSuite; //!< registers itself

} // namespace

} // namespace ns3
