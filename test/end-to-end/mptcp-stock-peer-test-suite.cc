// SPDX-License-Identifier: GPL-2.0-only
// ns-3's own TcpSocketBase at the other end, in both roles.
#include "transfer-plan.h"

namespace ns3
{

namespace
{

/// The suite.
class MptcpStockPeerTestSuite : public ScenarioTestSuite
{
  public:
    MptcpStockPeerTestSuite()
        : ScenarioTestSuite("mptcp-stock-peer")
    {
        struct Load
        {
            const char* name;
            uint64_t up;
            uint64_t down;
        };

        const Load loads[] = {{"upload", 1000000, 0}, {"download", 0, 1000000}};
        for (const bool ownClient : {true, false})
        {
            for (const bool multipath : {true, false})
            {
                for (const auto& load : loads)
                {
                    for (const double loss : {0.0, 0.001, 0.01, 0.03})
                    {
                        for (const bool ipv6 : {false, true})
                        {
                            if (ipv6 && loss != 0 && loss != 0.01)
                            {
                                continue;
                            }
                            AddOne(ownClient, multipath, load.up, load.down, load.name, loss, ipv6);
                        }
                    }
                }
            }
        }
        Add("a stock client reads what a module's server sends, with the module on both nodes",
            [](ScenarioTestCase& test)
            {
                TransferPlan plan;
                plan.net = Paths(2);
                plan.down = 500000;
                plan.stockClient = true;
                plan.expectation = Expectation::PLAIN;
                plan.client.ending = EndpointOptions::Ending::CLOSE_AT_EOF;
                RunTransfer(test, plan);
            });
        Add("a module's client reads what a stock server sends, with the module on both nodes",
            [](ScenarioTestCase& test)
            {
                TransferPlan plan;
                plan.net = Paths(2);
                plan.down = 500000;
                plan.stockServer = true;
                plan.expectation = Expectation::FALLBACK;
                SpareAsserts(plan.client);
                RunTransfer(test, plan);
            });
        Add("many connections at once to a stock server",
            [](ScenarioTestCase& test)
            {
                auto net = Paths(1);
                net.serverModule = false;
                TestRig rig(net);
                EndpointOptions client;
                client.send = 20000;
                SpareAsserts(client);
                EndpointOptions server;
                server.expect = 20000;
                server.ending = EndpointOptions::Ending::CLOSE_AT_EOF;
                rig.Listen(80, server);
                for (uint32_t i = 0; i < 50; i++)
                {
                    rig.Connect(80, client, MilliSeconds(10 + i));
                }
                rig.Run(Seconds(600));
                test.ExpectDone(rig, 50);
            });
    }

  private:
    /// Where ns-3's asserts are in, send no SACK of what the same ACK acknowledges: one in
    /// TcpTxBuffer wants none (doc/releases.md). @param own the module's end
    static void SpareAsserts([[maybe_unused]] EndpointOptions& own)
    {
#ifdef NS3_ASSERT_ENABLE
        own.attributes.emplace_back("DuplicateSack", "false");
#endif
    }

    /// Add a case. @param ownClient the module is at the client @param multipath is asked for
    /// @param up bytes @param down bytes @param load in words @param loss probability
    /// @param ipv6 which family
    void AddOne(bool ownClient,
                bool multipath,
                uint64_t up,
                uint64_t down,
                const std::string& load,
                double loss,
                bool ipv6)
    {
        std::ostringstream name;
        name << (ownClient ? "stock server, " : "stock client, ")
             << (multipath ? "MPTCP" : "plain TCP") << " at the other end, " << load << ", "
             << 100 * loss << " % loss" << (ipv6 ? ", IPv6" : "");
        Add(name.str(),
            [=](ScenarioTestCase& test)
            {
                TransferPlan plan;
                plan.net = Paths(1);
                plan.net.ipv6 = ipv6;
                plan.net.checksums = true;
                plan.net.clientModule = ownClient;
                plan.net.serverModule = !ownClient;
                plan.up = up;
                plan.down = down;
                plan.limit = Seconds(3000);
                plan.expectation =
                    ownClient && multipath ? Expectation::FALLBACK : Expectation::PLAIN;
                auto& own = ownClient ? plan.client : plan.server;
                auto& stock = ownClient ? plan.server : plan.client;
                own.attributes = {{"Multipath", multipath ? "true" : "false"}};
                SpareAsserts(own);
                // TcpSocketBase does not follow the path's MTU.
                stock.attributes = {{"SegmentSize", "1400"}};
                const uint64_t stockSends = ownClient ? down : up;
                stock.ending = stockSends == 0 ? EndpointOptions::Ending::CLOSE_AT_EOF
                                               : EndpointOptions::Ending::AFTER_BOTH;
                plan.arrange = [=](TestRig& rig)
                {
                    if (loss > 0)
                    {
                        rig.Path(0)->AddRule(FilterChannel::UP, DropRandom(IsAny, loss, 5000));
                        rig.Path(0)->AddRule(FilterChannel::DOWN, DropRandom(IsAny, loss, 5001));
                    }
                };
                RunTransfer(test, plan);
            });
    }
};

MptcpStockPeerTestSuite g_mptcpStockPeerTestSuite; //!< registers itself

} // namespace

} // namespace ns3
