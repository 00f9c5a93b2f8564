// SPDX-License-Identifier: GPL-2.0-only
#include "build-error.h"
#include "long-duration.h"
#include "wifi-download.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/mobility-model.h"
#include "ns3/phone-mobility.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/smartphone-helper.h"
#include "ns3/sta-wifi-mac.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/wifi-access.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-net-device.h"

#include <functional>
#include <optional>
#include <sstream>
#include <stdexcept>

using namespace ns3;

namespace
{

constexpr auto WIFI = SmartphoneHelper::WIFI;

/// A phone on WiFi that downloads by MPTCP, faster than its cellular access alone could.
class WifiTest : public TestCase
{
  public:
    /// What happens.
    struct Plan
    {
        std::string movement{"stand"};    //!< of PhoneMobility
        PhoneMobility mobility;           //!< how
        std::string accessPoints{"0,0"};  //!< attribute
        bool ownNetworks{false};          //!< attribute
        std::optional<Vector> begin;      //!< where phone 0 is put once all is built
        std::string standard{"802.11ax"}; //!< attribute
        uint64_t run{1};                  //!< of random numbers
        uint32_t phones{1};               //!< that associate
        Time length{Seconds(5)};          //!< of the simulation
        std::string events;               //!< as in a file
        std::vector<Time> marks;          //!< when bytes that WiFi carried are noted
    };

    /// What came out.
    struct Outcome
    {
        std::string states;          //!< of phone 0: + is usable now, - is not
        std::vector<Time> changes;   //!< when
        std::string addresses;       //!< of phone 0: at the begin, and whenever it is usable again
        std::vector<uint64_t> bytes; //!< that WiFi carried to phone 0, at each mark and at the end
        double weakest{0};           //!< signal in dBm
        double signal{0};            //!< the last one, in dBm
        uint32_t usable{0};          //!< phones that are associated at the end, and know it
        bool up{false};              //!< phone 0's interface is up at the end
    };

    /// @param name a sentence @param plan what happens @param check what must have come out
    WifiTest(const std::string& name,
             Plan plan,
             std::function<void(WifiTest&, const Outcome&)> check)
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
        RngSeedManager::SetRun(m_plan.run);
        SmartphoneHelper network(m_plan.phones);
        auto access = DynamicCast<WifiAccess>(PhoneAccess::Create("wifi"));
        access->SetAttribute("AccessPoints", StringValue(m_plan.accessPoints));
        access->SetAttribute("OwnNetworks", BooleanValue(m_plan.ownNetworks));
        access->SetAttribute("Standard", StringValue(m_plan.standard));
        m_plan.mobility.Install(network.GetPhone(), m_plan.movement);
        network.SetAccess(WIFI, access);
        network.Build();
        network.AssignStreams(1000);
        const Ptr<ByteStreamApplication> receiver = DownloadOverWifi(network);
        std::istringstream events(m_plan.events);
        network.ScheduleEvents(ReadAccessEvents(events, "events"), "events");

        Outcome outcome;
        const auto ipv4 = network.GetPhone()->GetObject<Ipv4>();
        const uint32_t interface = ipv4->GetInterfaceForDevice(network.GetPhoneDevice(WIFI));
        const auto noteAddress = [&]()
        {
            std::ostringstream text;
            for (uint32_t i = 0; i < ipv4->GetNAddresses(interface); ++i)
            {
                text << ipv4->GetAddress(interface, i).GetLocal() << ' ';
            }
            outcome.addresses += text.str();
        };
        noteAddress();
        const std::function<void(uint32_t, bool)> onUsable = [&](uint32_t phone, bool usable)
        {
            if (phone == 0)
            {
                outcome.states += usable ? '+' : '-';
                outcome.changes.push_back(Simulator::Now());
            }
            if (phone == 0 && usable)
            {
                noteAddress();
            }
        };
        access->TraceConnectWithoutContext("Usable", Callback<void, uint32_t, bool>(onUsable));
        if (m_plan.begin)
        {
            network.GetPhone()->GetObject<MobilityModel>()->SetPosition(*m_plan.begin);
        }
        const std::function<void(uint32_t, double)> onSignal = [&](uint32_t, double dbm)
        { outcome.weakest = std::min(outcome.weakest, dbm); };
        access->TraceConnectWithoutContext("Signal", Callback<void, uint32_t, double>(onSignal));
        uint64_t bytes = 0;
        const std::function<void(Ptr<const Packet>)> onReceived = [&](Ptr<const Packet> packet)
        { bytes += packet->GetSize(); };
        DynamicCast<WifiNetDevice>(network.GetPhoneDevice(WIFI))
            ->GetMac()
            ->TraceConnectWithoutContext("MacRx", Callback<void, Ptr<const Packet>>(onReceived));
        for (const Time& mark : m_plan.marks)
        {
            Simulator::Schedule(mark, [&]() { outcome.bytes.push_back(bytes); });
        }
        Simulator::Stop(m_plan.length);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(receiver->GetWrong(), 0, "every byte is the one that was sent");
        outcome.bytes.push_back(bytes);
        outcome.signal = access->GetSignal(0).value_or(0);
        for (uint32_t i = 0; i < m_plan.phones; ++i)
        {
            const auto radio = DynamicCast<WifiNetDevice>(network.GetPhoneDevice(WIFI, i));
            const auto mac = DynamicCast<StaWifiMac>(radio->GetMac());
            outcome.usable += access->IsUsable(i) && mac->IsAssociated() ? 1 : 0;
        }
        outcome.up = ipv4->IsUp(interface);
        Simulator::Destroy();
        m_check(*this, outcome);
    }

    Plan m_plan;                                            //!< what happens
    std::function<void(WifiTest&, const Outcome&)> m_check; //!< what must have come out
};

/// Wrong attributes.
class WifiErrorTest : public TestCase
{
  public:
    WifiErrorTest()
        : TestCase("What cannot be built is told")
    {
    }

  private:
    void DoRun() override
    {
        Expect("AccessPoints", "0,0 7", "AccessPoints: 7: not x,y in m");
        Expect("AccessPoints", "", "AccessPoints: : not 1 to 3 positions");
        Expect("Standard", "802.11z", "Standard: 802.11z; accepted: 802.11ac, 802.11ax");
        Expect("ChannelWidth", "30", "ChannelWidth: 30; accepted: 20, 40");
        Expect("RateControl", "ns3::Foo", "RateControl: ns3::Foo: no such class");
        Expect("RateControl",
               "ns3::TcpCubic",
               "RateControl: ns3::TcpCubic is no ns3::WifiRemoteStationManager");
        std::string error;
        try
        {
            PhoneMobility().Install(CreateObject<Node>(), "fly");
        }
        catch (const std::invalid_argument& exception)
        {
            error = exception.what();
        }
        NS_TEST_EXPECT_MSG_EQ(
            error,
            "fly: no such movement; accepted: stand, walk-out, walk-through, commute",
            "movement");
    }

    /// @param attribute of the access @param value its @param error what is wrong
    void Expect(const std::string& attribute, const std::string& value, const std::string& error)
    {
        NS_TEST_EXPECT_MSG_EQ(
            GetBuildError(WIFI, "ns3::WifiAccess", attribute, value), error, "the error");
    }
};

/// The suite.
class WifiAccessTestSuite : public TestSuite
{
  public:
    WifiAccessTestSuite()
        : TestSuite("mptcp-wifi-access", Type::UNIT)
    {
        AddTestCase(new WifiErrorTest);
        for (const std::string standard : {"802.11ax", "802.11ac"})
        {
            WifiTest::Plan plan;
            plan.standard = standard;
            AddTestCase(new WifiTest("A download over " + standard,
                                     plan,
                                     [](WifiTest& test, const WifiTest::Outcome& outcome)
                                     {
                                         test.Expect(outcome.states.empty(), "it stays usable");
                                         test.Expect(outcome.bytes.back() > 3000000, "it carries");
                                         test.Expect(outcome.signal < -40, "a signal of 5 m");
                                         test.Expect(outcome.signal > -65, "a signal of 5 m");
                                     }));
        }
        for (uint64_t run = 1; run <= 20; ++run)
        {
            AddWalk(run);
        }
        AddLift();
        AddRoaming();
        AddNetworks();
        AddBegins();
        AddCrowd();
    }

  private:
    /// A walk out of range and back. @param run of random numbers
    void AddWalk(uint64_t run)
    {
        WifiTest::Plan plan;
        plan.run = run;
        plan.movement = "walk-out";
        plan.mobility.speed = 20;
        plan.mobility.far = 250;
        plan.mobility.pause = Seconds(2);
        const Time back = plan.mobility.GetEnd("walk-out");
        plan.marks = {Seconds(2), Seconds(15), back + Seconds(2)};
        plan.length = back + Seconds(4);
        auto* test = new WifiTest(
            "A faded walk out of range and back, run " + std::to_string(run),
            plan,
            [](WifiTest& walk, const WifiTest::Outcome& outcome)
            {
                walk.Expect(outcome.states == "-+", "lost once and found once: " + outcome.states);
                walk.Expect(outcome.up, "the interface is up");
                walk.Expect(outcome.weakest < -80, "far away it is weak");
                walk.Expect(outcome.bytes[0] > 500000, "it carries before");
                walk.Expect(outcome.bytes[3] - outcome.bytes[2] > 1000000, "it carries again");
            });
        run == 1 ? AddTestCase(test) : AddTestCase(test, LongDuration<TestCase>(0));
    }

    /// A phone in a lift.
    void AddLift()
    {
        WifiTest::Plan plan;
        plan.events = "1 wifi silent\n4 wifi up\n";
        plan.marks = {Seconds(1.1), Seconds(4)};
        plan.length = Seconds(8);
        AddTestCase(new WifiTest("In a lift beacons are missed, and after it heard again",
                                 plan,
                                 [](WifiTest& test, const WifiTest::Outcome& outcome)
                                 {
                                     test.Expect(outcome.states == "-+", outcome.states);
                                     test.Expect(outcome.bytes[0] == outcome.bytes[1], "silence");
                                     test.Expect(outcome.bytes[2] > outcome.bytes[1] + 1000000,
                                                 "it carries again");
                                     // Ten beacons of 102.4 ms.
                                     test.Expect(outcome.changes.at(0) > Seconds(1.9), "too early");
                                     test.Expect(outcome.changes.at(0) < Seconds(2.1), "too late");
                                 }));
    }

    /// A walk along access points.
    void AddRoaming()
    {
        WifiTest::Plan plan;
        plan.accessPoints = "0,0 120,0 240,0";
        plan.movement = "walk-out";
        plan.mobility.far = 240;
        plan.mobility.speed = 20;
        plan.mobility.pause = Seconds(3);
        plan.marks = {Seconds(14)};
        plan.length = Seconds(17);
        AddTestCase(new WifiTest(
            "A phone roams among access points of one network",
            plan,
            [](WifiTest& test, const WifiTest::Outcome& outcome)
            {
                test.Expect(outcome.states.empty(), "it stays usable: " + outcome.states);
                test.Expect(outcome.signal > -65, "the last one is near");
                test.Expect(outcome.bytes[1] > outcome.bytes[0] + 1000000, "it carries");
            }));
    }

    /// A walk from one network to another, and back.
    void AddNetworks()
    {
        WifiTest::Plan plan;
        plan.accessPoints = "0,0 120,0";
        plan.ownNetworks = true;
        plan.movement = "walk-out";
        plan.mobility.far = 120;
        plan.mobility.speed = 20;
        plan.mobility.pause = Seconds(3);
        plan.marks = {Seconds(8.5), Seconds(10.5), Seconds(17)};
        plan.length = Seconds(20);
        AddTestCase(new WifiTest(
            "A phone walks from one network to another and back, each with its own addresses",
            plan,
            [](WifiTest& test, const WifiTest::Outcome& outcome)
            {
                test.Expect(outcome.states == "-+-+", "it has none in between: " + outcome.states);
                test.Expect(outcome.addresses == "10.0.1.2 10.0.11.2 10.0.1.2 ", outcome.addresses);
                test.Expect(outcome.bytes[1] > outcome.bytes[0] + 1000000,
                            "the second one carries");
                test.Expect(outcome.bytes[3] > outcome.bytes[2] + 1000000, "the first one again");
            }));
    }

    /// Phones that begin elsewhere than near the first access point.
    void AddBegins()
    {
        WifiTest::Plan away;
        away.movement = "walk-through";
        away.mobility.speed = 20;
        away.length = Seconds(12);
        AddTestCase(new WifiTest(
            "A phone that begins out of range has no connection until it comes",
            away,
            [](WifiTest& test, const WifiTest::Outcome& outcome)
            {
                test.Expect(outcome.states == "-+", outcome.states);
                test.Expect(outcome.changes.at(0) < MilliSeconds(500), "soon after the begin");
                test.Expect(outcome.up, "the interface is up");
            }));

        // 50 m are -82 dBm: too weak for what was lost once.
        WifiTest::Plan weak;
        weak.accessPoints = "-45,0";
        weak.movement = "walk-out";
        weak.mobility.speed = 20;
        weak.mobility.far = 300;
        weak.length = Seconds(12);
        weak.marks = {Seconds(2)};
        AddTestCase(
            new WifiTest("A phone that begins with a weak signal uses it, and is told of its loss",
                         weak,
                         [](WifiTest& test, const WifiTest::Outcome& outcome)
                         {
                             test.Expect(outcome.states == "-", outcome.states);
                             test.Expect(outcome.changes.at(0) > Seconds(2), "as it walks away");
                             test.Expect(outcome.bytes[0] > 100000, "it carries before");
                             test.Expect(!outcome.up, "the interface is down");
                         }));

        WifiTest::Plan second;
        second.accessPoints = "120,0 0,0";
        second.ownNetworks = true;
        AddTestCase(
            new WifiTest("A phone that begins in the second network has an address of it",
                         second,
                         [](WifiTest& test, const WifiTest::Outcome& outcome)
                         {
                             test.Expect(outcome.addresses == "10.0.11.2 ", outcome.addresses);
                             test.Expect(outcome.states.empty(), "it stays: " + outcome.states);
                             test.Expect(outcome.bytes.back() > 3000000, "it carries");
                         }));

        WifiTest::Plan moved;
        moved.accessPoints = "0,0 120,0";
        moved.ownNetworks = true;
        moved.begin = Vector(115, 0, 0);
        AddTestCase(new WifiTest(
            "A phone that is moved to the second network before the run gets an address of it",
            moved,
            [](WifiTest& test, const WifiTest::Outcome& outcome)
            {
                test.Expect(outcome.addresses == "10.0.1.2 10.0.11.2 ", outcome.addresses);
                test.Expect(outcome.states == "-+", "in between it has none: " + outcome.states);
                test.Expect(outcome.changes.size() == 2 && outcome.changes[1] < Seconds(1),
                            "soon after the begin");
                test.Expect(outcome.up, "the interface is up");
            }));
    }

    /// Many phones.
    void AddCrowd()
    {
        WifiTest::Plan plan;
        plan.phones = 20;
        plan.length = Seconds(5);
        plan.marks = {Seconds(4)};
        AddTestCase(new WifiTest("Twenty phones associate with one access point",
                                 plan,
                                 [](WifiTest& test, const WifiTest::Outcome& outcome)
                                 {
                                     test.Expect(outcome.usable == 20,
                                                 std::to_string(outcome.usable) + " of 20");
                                     test.Expect(outcome.bytes[1] > outcome.bytes[0] + 500000,
                                                 "the first one's carries");
                                 }));
    }
};

WifiAccessTestSuite g_wifiAccessTestSuite; //!< the suite

} // namespace
