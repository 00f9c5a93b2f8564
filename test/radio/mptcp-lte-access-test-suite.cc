// SPDX-License-Identifier: GPL-2.0-only
#include "build-error.h"

#include "ns3/boolean.h"
#include "ns3/byte-stream-application.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/lte-access.h"
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-enb-rrc.h"
#include "ns3/lte-ue-net-device.h"
#include "ns3/lte-ue-rrc.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/phone-mobility.h"
#include "ns3/simulator.h"
#include "ns3/smartphone-helper.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <functional>
#include <limits>
#include <sstream>

using namespace ns3;

namespace
{

constexpr auto CELLULAR = SmartphoneHelper::CELLULAR;

/// A phone that downloads over LTE alone.
class LteTest : public TestCase
{
  public:
    /// What happens.
    struct Plan
    {
        std::string movement{"stand"}; //!< of PhoneMobility
        PhoneMobility mobility;        //!< how
        std::string cells{"0,200"};    //!< attribute
        std::string rlc{"UM"};         //!< attribute
        bool ipv4{true};               //!< whether the access has IPv4
        bool ipv6{false};              //!< whether it has IPv6, which is then used
        uint32_t phones{1};            //!< that attach
        Time length{Seconds(6)};       //!< of the simulation
        std::string events;            //!< as in a file
        std::vector<Time> marks;       //!< when bytes that arrived are noted
    };

    /// What came out.
    struct Outcome
    {
        std::string states;          //!< of phone 0: + is usable now, - is not
        std::vector<Time> changes;   //!< when
        std::vector<uint64_t> bytes; //!< that arrived at phone 0, at each mark and at the end
        double signal{0};            //!< the last one, in dBm
        uint32_t attached{0};        //!< phones that are attached at the end, and know it
        uint32_t handovers{0};       //!< of all phones
    };

    /// @param name a sentence @param plan what happens @param check what must have come out
    LteTest(const std::string& name, Plan plan, std::function<void(LteTest&, const Outcome&)> check)
        : TestCase(name),
          m_plan(std::move(plan)),
          m_check(std::move(check))
    {
    }

    /// Check. @param ok must hold @param message what it is
    void Expect(bool ok, const std::string& message)
    {
        NS_TEST_EXPECT_MSG_EQ(ok, true, message);
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network(m_plan.phones);
        auto access = DynamicCast<LteAccess>(PhoneAccess::Create("lte"));
        access->SetAttribute("Cells", StringValue(m_plan.cells));
        access->SetAttribute("RlcMode", StringValue(m_plan.rlc));
        m_plan.mobility.Install(network.GetPhone(), m_plan.movement);
        network.SetAccess(CELLULAR, access);
        network.SetDefaultAccess(CELLULAR);
        network.SetFamilies(m_plan.ipv4, m_plan.ipv6);
        network.Build();
        network.AssignStreams(1000);
        const Ptr<ByteStreamApplication> receiver = Download(network);
        std::istringstream events(m_plan.events);
        network.ScheduleEvents(ReadAccessEvents(events, "events"), "events");

        Outcome outcome;
        const std::function<void(uint32_t, bool)> onUsable = [&](uint32_t phone, bool usable)
        {
            if (phone == 0)
            {
                outcome.states += usable ? '+' : '-';
                outcome.changes.push_back(Simulator::Now());
            }
        };
        access->TraceConnectWithoutContext("Usable", Callback<void, uint32_t, bool>(onUsable));
        const std::function<void(uint64_t, uint16_t, uint16_t)> onHandover =
            [&](uint64_t, uint16_t, uint16_t) { outcome.handovers++; };
        const NodeContainer cells = access->GetCells();
        for (auto cell = cells.Begin(); cell != cells.End(); ++cell)
        {
            DynamicCast<LteEnbNetDevice>((*cell)->GetDevice(0))
                ->GetRrc()
                ->TraceConnectWithoutContext(
                    "HandoverEndOk", Callback<void, uint64_t, uint16_t, uint16_t>(onHandover));
        }
        for (const Time& mark : m_plan.marks)
        {
            Simulator::Schedule(mark, [&]() { outcome.bytes.push_back(receiver->GetReceived()); });
        }
        Simulator::Stop(m_plan.length);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(receiver->GetWrong(), 0, "every byte is the one that was sent");
        outcome.bytes.push_back(receiver->GetReceived());
        outcome.signal = access->GetSignal(0).value_or(0);
        for (uint32_t i = 0; i < m_plan.phones; ++i)
        {
            const auto radio = DynamicCast<LteUeNetDevice>(network.GetPhoneDevice(CELLULAR, i));
            const auto state = radio->GetRrc()->GetState();
            outcome.attached +=
                access->IsUsable(i) && state == LteUeRrc::CONNECTED_NORMALLY ? 1 : 0;
        }
        Simulator::Destroy();
        m_check(*this, outcome);
    }

    /// @param network where @return the receiver of a download
    Ptr<ByteStreamApplication> Download(SmartphoneHelper& network) const
    {
        MptcpHelper mptcp;
        mptcp.SetSocketAttribute("Multipath", BooleanValue(false));
        const NodeContainer hosts(network.GetPhone(), network.GetServer());
        mptcp.Install(hosts);
        MptcpHelper::AssignStreams(hosts, 200);
        const AddressValue server(ToSocketAddress(network.GetServerAddress(m_plan.ipv6), 5001));
        const AddressValue phone(
            ToSocketAddress(network.GetPhoneAddress(CELLULAR, m_plan.ipv6), 0));
        const TypeIdValue protocol(MptcpSocketFactory::GetTypeId());
        auto sender = CreateObjectWithAttributes<ByteStreamApplication>(
            "Protocol",
            protocol,
            "Local",
            server,
            "MaxBytes",
            UintegerValue(std::numeric_limits<uint64_t>::max()));
        auto receiver = CreateObjectWithAttributes<ByteStreamApplication>(
            "Protocol", protocol, "Local", phone, "Remote", server);
        network.GetServer()->AddApplication(sender);
        network.GetPhone()->AddApplication(receiver);
        // Before that the phone is not attached.
        receiver->SetStartTime(MilliSeconds(500));
        return receiver;
    }

    Plan m_plan;                                           //!< what happens
    std::function<void(LteTest&, const Outcome&)> m_check; //!< what must have come out
};

/// Wrong attributes.
class LteErrorTest : public TestCase
{
  public:
    LteErrorTest()
        : TestCase("What cannot be built is told")
    {
    }

  private:
    void DoRun() override
    {
        Expect("Cells", "0;0", "Cells: 0;0: not x,y in m");
        Expect("RlcMode", "TM", "RlcMode: TM; accepted: AM, UM");
        Expect("ResourceBlocks", "30", "ResourceBlocks: 30; accepted: 6, 15, 25, 50, 75, 100");
    }

    /// @param attribute of the access @param value its @param error what is wrong
    void Expect(const std::string& attribute, const std::string& value, const std::string& error)
    {
        NS_TEST_EXPECT_MSG_EQ(
            GetBuildError(CELLULAR, "ns3::LteAccess", attribute, value), error, "the error");
    }
};

/// The suite.
class LteAccessTestSuite : public TestSuite
{
  public:
    LteAccessTestSuite()
        : TestSuite("mptcp-lte-access", Type::UNIT)
    {
        AddTestCase(new LteErrorTest);
        for (const std::string rlc : {"UM", "AM"})
        {
            LteTest::Plan plan;
            plan.rlc = rlc;
            plan.marks = {Seconds(3)};
            AddTestCase(new LteTest("A download in RLC mode " + rlc,
                                    plan,
                                    [](LteTest& test, const LteTest::Outcome& outcome)
                                    {
                                        const double rate =
                                            (outcome.bytes[1] - outcome.bytes[0]) * 8 / 3e6;
                                        test.Expect(rate > 14, std::to_string(rate) + " Mb/s");
                                        test.Expect(outcome.states.empty(), "it stays usable");
                                        // 40 dBm in 25 blocks of 12 carriers, and 107.5 dB of loss.
                                        test.Expect(std::abs(outcome.signal + 92.3) < 0.5,
                                                    std::to_string(outcome.signal) + " dBm");
                                    }));
        }
        for (const bool dual : {false, true})
        {
            LteTest::Plan plan;
            plan.ipv4 = dual;
            plan.ipv6 = true;
            plan.length = Seconds(4);
            AddTestCase(new LteTest(
                dual ? "A download by IPv6 where there is IPv4 too" : "A download by IPv6 alone",
                plan,
                [](LteTest& test, const LteTest::Outcome& outcome)
                { test.Expect(outcome.bytes[0] > 4000000, std::to_string(outcome.bytes[0])); }));
        }
        AddLift();
        AddHandover();
        AddFarBegin();
        AddCrowd();
    }

  private:
    /// A phone in a lift.
    void AddLift()
    {
        LteTest::Plan plan;
        plan.events = "2 cellular silent\n6 cellular up\n";
        plan.marks = {Seconds(2.1), Seconds(6)};
        plan.length = Seconds(11);
        AddTestCase(new LteTest(
            "In a lift the radio link fails, and after it the same address is back",
            plan,
            [](LteTest& test, const LteTest::Outcome& outcome)
            {
                test.Expect(outcome.states == "-+", outcome.states);
                test.Expect(outcome.bytes[0] == outcome.bytes[1], "silence");
                test.Expect(outcome.bytes[2] > outcome.bytes[1] + 1000000, "it carries again");
                // Six times 200 ms out of synchronisation, and the timer T310 of 1 s.
                test.Expect(Abs(outcome.changes.at(0) - Seconds(4.2)) < Seconds(0.1), "failure");
                test.Expect(Abs(outcome.changes.at(1) - Seconds(6.3)) < Seconds(0.2), "return");
            }));
    }

    /// A walk from cell to cell.
    void AddHandover()
    {
        LteTest::Plan plan;
        plan.cells = "0,100 400,100";
        plan.movement = "walk-out";
        plan.mobility.near = 0;
        plan.mobility.far = 400;
        plan.mobility.speed = 50;
        plan.mobility.pause = Seconds(10);
        plan.marks = {Seconds(10)};
        plan.length = Seconds(12);
        AddTestCase(new LteTest("A phone is handed over from cell to cell",
                                plan,
                                [](LteTest& test, const LteTest::Outcome& outcome)
                                {
                                    test.Expect(outcome.handovers == 1,
                                                std::to_string(outcome.handovers) + " handovers");
                                    test.Expect(outcome.states.empty(), "it stays usable");
                                    test.Expect(outcome.bytes[1] > outcome.bytes[0] + 1000000,
                                                "it carries");
                                }));
    }

    /// A phone that comes from far away.
    void AddFarBegin()
    {
        LteTest::Plan plan;
        plan.movement = "walk-out";
        plan.mobility.near = 50000;
        plan.mobility.far = 0;
        plan.mobility.speed = 25000;
        AddTestCase(
            new LteTest("A phone that begins without a cell has no connection until it finds one",
                        plan,
                        [](LteTest& test, const LteTest::Outcome& outcome)
                        {
                            test.Expect(outcome.states == "-+", outcome.states);
                            test.Expect(outcome.changes.at(0) < MilliSeconds(500), "soon");
                            test.Expect(outcome.attached == 1, "attached at the end");
                        }));
    }

    /// Many phones.
    void AddCrowd()
    {
        LteTest::Plan plan;
        plan.phones = 20;
        plan.length = Seconds(3);
        AddTestCase(new LteTest("Twenty phones attach to one cell",
                                plan,
                                [](LteTest& test, const LteTest::Outcome& outcome)
                                {
                                    test.Expect(outcome.attached == 20,
                                                std::to_string(outcome.attached) + " of 20");
                                    test.Expect(outcome.bytes[0] > 1000000, "the first downloads");
                                }));
    }
};

LteAccessTestSuite g_lteAccessTestSuite; //!< the suite

} // namespace
