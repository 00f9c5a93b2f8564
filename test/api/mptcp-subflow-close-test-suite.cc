// SPDX-License-Identifier: GPL-2.0-only
// draft-hesmans-mptcp-socket-03, section 3.3: closing subflows.
#include "socket-api-net.h"
#include "test-rig.h"

#include "ns3/simulator.h"

#include <cerrno>
#include <optional>

namespace ns3
{

namespace
{

/// Section 3.3.
void
AddClosing(ScenarioTestSuite& suite)
{
    suite.Add(
        "3.3: invalid id and bad how are EINVAL",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.Connect();
            mptcp_close_sub_id request{};
            for (int id : {0, 2, 255})
            {
                request.id = id;
                request.how = SHUT_RDWR;
                test.ExpectEqual(
                    SetOption(net.client, MPTCP_CLOSE_SUB_ID, &request, sizeof(request)).error,
                    EINVAL,
                    "unknown id");
            }
            request.id = 1;
            for (int how : {-1, 4, 1000})
            {
                request.how = how;
                test.ExpectEqual(
                    SetOption(net.client, MPTCP_CLOSE_SUB_ID, &request, sizeof(request)).error,
                    EINVAL,
                    "bad how");
            }
            for (unsigned int length : {0U, 2U, 5U, 7U})
            {
                test.ExpectEqual(SetOption(net.client, MPTCP_CLOSE_SUB_ID, &request, length).error,
                                 EINVAL,
                                 "bad length");
            }
            test.ExpectEqual(net.client->GetSubflowIds().size(), 1U, "still there");
        });

    struct How
    {
        int how;          //!< of CLOSE
        bool fin;         //!< is on the wire
        bool rst;         //!< is on the wire
        bool prio;        //!< is on the wire
        const char* name; //!< of how
    };

    for (const How& how : {How{SHUT_RD, false, false, true, "SHUT_RD"},
                           How{SHUT_WR, true, false, false, "SHUT_WR"},
                           How{SHUT_RDWR, true, false, true, "SHUT_RDWR"},
                           How{MPTCP_SHUT_RST, false, true, false, "RST"},
                           How{-1, true, false, true, "one byte"}})
    {
        suite.Add(std::string("3.3: what ") + how.name + " puts on the wire; no byte is lost",
                  [how](ScenarioTestCase& test)
                  {
                      SocketApiNet net;
                      net.Connect();
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                      net.Run(MilliSeconds(200));
                      uint32_t fins = 0;
                      uint32_t rsts = 0;
                      uint32_t prios = 0;
                      net.links[0]->AddTap(
                          FilterChannel::UP,
                          [&](const WireSegment& segment)
                          {
                              fins += segment.fin;
                              rsts += segment.rst && segment.FindMptcp(wire::MP_TCPRST) != nullptr;
                              prios += segment.FindMptcp(wire::MP_PRIO) != nullptr;
                          });
                      SocketApiNet::Send(net.client, 2000000);
                      SocketApiNet::Send(net.server, 2000000);
                      net.Run(MilliSeconds(150));
                      mptcp_close_sub_id request{};
                      request.id = 2;
                      request.how = how.how;
                      const unsigned int length = how.how < 0 ? 1 : sizeof(request);
                      test.ExpectEqual(
                          SetOption(net.client, MPTCP_CLOSE_SUBFLOW, &request, length).result,
                          0,
                          "close");
                      net.Run(Seconds(5));
                      test.ExpectEqual(fins > 0, how.fin, "FIN");
                      test.ExpectEqual(rsts > 0, how.rst, "RST with MP_TCPRST");
                      test.ExpectEqual(prios > 0, how.prio, "MP_PRIO");
                      test.ExpectEqual(net.received[net.server], 2000000U, "upload");
                      test.ExpectEqual(net.received[net.client], 2000000U, "download");
                      test.ExpectEqual(net.client->GetSubflowIds().size(),
                                       how.how == SHUT_RD ? 2U : 1U,
                                       "subflows left");
                  });
    }
    suite.Add("3.3: nothing new is sent on a subflow that the peer has closed",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(MilliSeconds(200));
                  uint32_t before = 0;
                  uint32_t fresh = 0;
                  std::optional<uint32_t> highest;
                  bool closed = false;
                  net.links[0]->AddTap(
                      FilterChannel::UP,
                      [&](const WireSegment& segment)
                      {
                          const auto end =
                              static_cast<uint32_t>(segment.seq + segment.PayloadSize());
                          const bool isNew = HasPayload(segment) &&
                                             (!highest || static_cast<int32_t>(end - *highest) > 0);
                          before += isNew && !closed;
                          fresh += isNew && closed;
                          highest = isNew ? end : highest;
                      });
                  SocketApiNet::Send(net.client, 3000000);
                  net.Run(MilliSeconds(150));
                  test.ExpectEqual(net.server->CloseSubflow(2, SHUT_WR), 0, "the peer's FIN");
                  // What waits in the device's queue has been sent already.
                  net.Run(MilliSeconds(100));
                  closed = true;
                  net.Run(Seconds(4));
                  test.Expect(before > 0, "new data before");
                  test.ExpectEqual(fresh, 0U, "new data after");
                  test.ExpectEqual(net.received[net.server], 3000000U, "bytes");
              });
    suite.Add("3.3: the last subflow, closed by the peer, still brings all bytes before it ends",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, {{"SndBufSize", "20000000"}});
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(MilliSeconds(200));
                  uint64_t arrived = 0;
                  for (const auto& link : net.links)
                  {
                      link->AddTap(FilterChannel::UP,
                                   [&](const WireSegment& segment)
                                   { arrived = segment.fin ? net.received[net.server] : arrived; });
                  }
                  SocketApiNet::Send(net.client, 10000000);
                  net.Run(MilliSeconds(150));
                  test.ExpectEqual(net.server->CloseSubflow(2, SHUT_WR), 0, "one FIN");
                  net.Run(MilliSeconds(150));
                  test.ExpectEqual(net.server->CloseSubflow(1, SHUT_WR), 0, "the other");
                  test.Expect(net.received[net.server] < 5000000, "bytes are outstanding");
                  net.Run(Seconds(8));
                  test.ExpectEqual(net.received[net.server], 10000000U, "bytes");
                  test.ExpectEqual(arrived, 10000000U, "bytes before the last FIN");
                  test.ExpectEqual(net.client->GetSubflowIds().size(), 0U, "subflows left");
              });
    for (const bool lossy : {false, true})
    {
        suite.Add(std::string("3.3: the last subflow, which the peer reads no more either, ends "
                              "with what it holds, and another brings the rest") +
                      (lossy ? ", though the ACK with MP_PRIO and the first FIN are lost" : ""),
                  [lossy](ScenarioTestCase& test)
                  {
                      SocketApiNet net(false, {{"SndBufSize", "20000000"}});
                      net.Connect();
                      uint32_t prios = 0;
                      net.links[1]->AddTap(FilterChannel::DOWN,
                                           [&](const WireSegment& segment) {
                                               prios += segment.FindMptcp(wire::MP_PRIO) != nullptr;
                                           });
                      if (lossy)
                      {
                          const auto told = [](const WireSegment& segment)
                          { return segment.FindMptcp(wire::MP_PRIO) != nullptr; };
                          net.links[1]->AddRule(FilterChannel::DOWN, DropNth(told, 1, 2));
                      }
                      SocketApiNet::Send(net.client, 10000000);
                      net.Run(MilliSeconds(300));
                      test.ExpectEqual(net.server->CloseSubflow(1, SHUT_RDWR), 0, "close");
                      test.Expect(net.received[net.server] < 5000000, "bytes are outstanding");
                      net.Run(Seconds(2));
                      test.ExpectEqual(net.client->GetSubflowIds().size(), 0U, "subflows left");
                      test.ExpectEqual(prios, lossy ? 3U : 2U, "segments with MP_PRIO");
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                      net.Run(Seconds(8));
                      test.ExpectEqual(net.received[net.server], 10000000U, "bytes");
                  });
    }
    suite.Add(
        "3.3: what a subflow holds when the peer closes it is sent on others within one RTO",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            std::optional<Time> finAt;
            Time limit;
            uint64_t held = 0;
            uint64_t again = 0;
            net.links[0]->AddTap(FilterChannel::DOWN,
                                 [&](const WireSegment& segment)
                                 {
                                     if (segment.fin && !finAt)
                                     {
                                         // From now on the path is dead: only others can bring what
                                         // it holds. The FIN arrives 5 ms later.
                                         finAt = Simulator::Now();
                                         const auto subflow =
                                             net.client->GetConnection()->FindSubflow(2)->subflow;
                                         limit = *finAt + MilliSeconds(6) + subflow->GetRto();
                                         Simulator::Schedule(MilliSeconds(5.5),
                                                             [&, subflow]
                                                             {
                                                                 held = subflow->GetHeldBytes();
                                                                 net.links[0]->SetSilent(true);
                                                             });
                                     }
                                 });
            const std::function<void(Ptr<MptcpSubflow>, uint64_t, uint32_t)> reinjected =
                [&](Ptr<MptcpSubflow>, uint64_t, uint32_t length)
            { again += Simulator::Now() <= limit ? length : 0; };
            net.client->GetConnection()->TraceConnectWithoutContext(
                "Reinjection", Callback<void, Ptr<MptcpSubflow>, uint64_t, uint32_t>(reinjected));
            SocketApiNet::Send(net.client, 3000000);
            net.Run(MilliSeconds(150));
            test.ExpectEqual(net.server->CloseSubflow(2, SHUT_WR), 0, "the peer's FIN");
            net.Run(Seconds(6));
            test.Expect(finAt.has_value(), "a FIN came");
            test.Expect(held > 20000, "bytes were held");
            // The last segment that arrived is acknowledged by the other path before it goes again.
            test.Expect(again + 1420 >= held, "all of them went again in time");
            test.ExpectEqual(net.received[net.server], 3000000U, "bytes");
        });
}

/// The suite.
class MptcpSubflowCloseTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSubflowCloseTestSuite()
        : ScenarioTestSuite("mptcp-subflow-close")
    {
        AddClosing(*this);
    }
} g_mptcpSubflowCloseTestSuite; //!< registers itself

} // namespace

} // namespace ns3
