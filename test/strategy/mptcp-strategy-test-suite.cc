// SPDX-License-Identifier: GPL-2.0-only
// The rules of connection managers, in virtual time and without a network, and what they do to
// connections of a phone.
#include "ns3/byte-stream-application.h"
#include "ns3/handover-manager.h"
#include "ns3/inet-socket-address.h"
#include "ns3/interactive-manager.h"
#include "ns3/make-before-break-manager.h"
#include "ns3/mptcp-helper.h"
#include "ns3/object-factory.h"
#include "ns3/phone-meter.h"
#include "ns3/radio-energy.h"
#include "ns3/simulator.h"
#include "ns3/single-path-manager.h"
#include "ns3/smartphone-helper.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <functional>
#include <limits>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

using View = PhoneConnectionManager::View;
using Use = PhoneConnectionManager::Use;
constexpr auto WIFI = PhoneConnectionManager::WIFI;
constexpr auto CELLULAR = PhoneConnectionManager::CELLULAR;

/// @param wish of a strategy @return it as two letters, WiFi first: Active, Backup, Closed
std::string
ToText(const PhoneConnectionManager::Wish& wish)
{
    std::string text;
    for (const Use use : wish)
    {
        text += use == Use::ACTIVE ? 'A' : use == Use::BACKUP ? 'B' : 'C';
    }
    return text;
}

/// A strategy without connections: it is told things, and asked.
class RuleTest : public TestCase
{
  public:
    /// @param name a sentence @param run the test
    RuleTest(const std::string& name, std::function<void(RuleTest&)> run)
        : TestCase(name),
          m_run(std::move(run))
    {
    }

    /// @tparam Manager a strategy @return a new one
    template <typename Manager>
    void Use()
    {
        m_manager = CreateObject<Manager>();
        m_view = {};
        for (auto& access : m_view)
        {
            access.srtt = MilliSeconds(50);
            access.rto = MilliSeconds(200);
        }
        SetSubflow(WIFI, true);
    }

    /// @param access where @param there whether there is an established subflow
    void SetSubflow(PhoneConnectionManager::Access access, bool there)
    {
        m_view[access].exists = there;
        m_view[access].established = there;
    }

    /// @param dbm of WiFi
    void SetSignal(double dbm)
    {
        m_view[WIFI].signal = dbm;
        m_manager->NotifySignal(WIFI, dbm);
    }

    /// @param usable whether WiFi is
    void SetUsable(bool usable)
    {
        m_view[WIFI].usable = usable;
        m_manager->NotifyUsable(WIFI, usable);
    }

    /// @param expected what the strategy must want now, as ToText() @param message what that is
    void Expect(const std::string& expected, const std::string& message)
    {
        const auto wish = m_manager->Decide(m_view);
        NS_TEST_EXPECT_MSG_EQ(ToText(wish), expected, message);
        m_view[WIFI].use = wish[WIFI];
        m_view[CELLULAR].use = wish[CELLULAR];
    }

    /// @param expected of GetStaleTimeouts()
    void ExpectStaleTimeouts(uint32_t expected)
    {
        NS_TEST_EXPECT_MSG_EQ(m_manager->GetStaleTimeouts(), expected, "time-outs");
    }

    /// @param time until when to go on
    void RunUntil(Time time)
    {
        Simulator::Stop(time - Simulator::Now());
        Simulator::Run();
    }

    /// @return the strategy
    Ptr<PhoneConnectionManager> GetManager() const
    {
        return m_manager;
    }

    View m_view; //!< what the strategy sees

  private:
    void DoRun() override
    {
        m_run(*this);
        m_manager->Dispose();
        m_manager = nullptr;
        Simulator::Destroy();
    }

    std::function<void(RuleTest&)> m_run;  //!< the test
    Ptr<PhoneConnectionManager> m_manager; //!< the strategy
};

void
TestMakeBeforeBreak(RuleTest& test)
{
    test.Use<MakeBeforeBreakManager>();
    test.SetSignal(-60);
    test.Expect("AC", "WiFi alone while it is strong");
    test.SetSignal(-75);
    test.Expect("AC", "-75 dBm is not below -75 dBm");
    test.SetSignal(-75.1);
    test.Expect("AA", "cellular is opened below -75 dBm");
    test.SetSignal(-82);
    test.Expect("AA", "-82 dBm is not below -82 dBm");
    test.SetSignal(-83);
    test.Expect("AA", "WiFi stays until cellular is established");
    test.SetSubflow(CELLULAR, true);
    test.Expect("CA", "then it is closed");
    test.SetSubflow(WIFI, false);
    test.SetSignal(-72);
    test.Expect("CA", "-72 dBm is no reason to return");
    test.SetSignal(-69);
    test.RunUntil(Seconds(1.9));
    test.Expect("CA", "nor are 1.9 s above -70 dBm");
    test.SetSignal(-71);
    test.SetSignal(-65);
    test.RunUntil(Seconds(3.8));
    test.Expect("CA", "a dip below it lets the time begin anew");
    test.RunUntil(Seconds(4));
    test.Expect("AA", "after 2 s WiFi is opened, and cellular stays until that is established");
    test.SetSubflow(WIFI, true);
    test.Expect("AC", "then cellular is closed");
    test.SetUsable(false);
    test.SetSubflow(CELLULAR, false);
    test.Expect("CA", "without WiFi cellular is opened, whatever the signal was");
    test.SetSubflow(WIFI, false);
    test.SetSubflow(CELLULAR, true);
    test.SetUsable(true);
    test.RunUntil(Seconds(6.1));
    test.Expect("AA", "WiFi that can be used again and is strong is returned to");
}

void
TestSinglePath(RuleTest& test)
{
    test.Use<SinglePathManager>();
    test.SetSignal(-95);
    test.Expect("AC", "a weak signal is no reason to move");
    test.SetUsable(false);
    test.Expect("CC", "WiFi is closed before cellular is opened");
    test.SetSubflow(WIFI, false);
    test.Expect("CA", "cellular is opened when WiFi is gone");
    test.SetSubflow(CELLULAR, true);
    test.Expect("CA", "and stays");
    test.SetUsable(true);
    test.Expect("CC", "cellular is closed before WiFi is opened");
    test.SetSubflow(CELLULAR, false);
    test.Expect("AC", "WiFi is opened when cellular is gone");
}

void
TestHandover(RuleTest& test)
{
    test.Use<HandoverManager>();
    test.GetManager()->SetAttribute("FailThreshold", UintegerValue(2));
    test.ExpectStaleTimeouts(4);
    auto& wifi = test.m_view[WIFI];
    wifi.dataWaits = true;
    wifi.timeouts = 10;
    test.Expect("AC", "time-outs alone are no reason while WiFi is not reported bad");
    wifi.timeouts = 0;
    test.SetSignal(-80);
    test.Expect("AB", "while WiFi is bad cellular stands by");
    wifi.timeouts = 3;
    test.Expect("AB", "3 time-outs are less than 2 * 2");
    wifi.timeouts = 4;
    wifi.dataWaits = false;
    test.Expect("AB", "data must wait");
    wifi.dataWaits = true;
    test.Expect("BA", "4 time-outs with data that waits: cellular is used");
    test.SetSubflow(CELLULAR, true);
    wifi.timeouts = 0;
    test.Expect("BA", "until WiFi is good");
    test.SetSignal(-72);
    test.Expect("BA", "between the two thresholds it is still bad");
    test.SetSignal(-70);
    test.Expect("BA", "-70 dBm is not above -70 dBm");
    test.SetUsable(false);
    test.Expect("CA", "a lost WiFi has no subflow");
    test.SetSubflow(WIFI, false);
    test.SetUsable(true);
    test.SetSignal(-60);
    test.Expect("AA", "when WiFi is good, cellular stays until WiFi is established");
    test.SetSubflow(WIFI, true);
    test.Expect("AC", "then it is closed");
}

void
TestInteractive(RuleTest& test)
{
    test.Use<InteractiveManager>();
    test.ExpectStaleTimeouts(1);
    auto& wifi = test.m_view[WIFI];
    auto& cellular = test.m_view[CELLULAR];
    test.Expect("AB", "cellular stands by from the beginning");
    wifi.srtt = MilliSeconds(700);
    test.Expect("AB", "it cannot be used before it is established");
    test.SetSubflow(CELLULAR, true);
    test.Expect("BA", "WiFi's SRTT is 600 ms or more and cellular's is below");
    wifi.srtt = MilliSeconds(599);
    test.Expect("AB", "599 ms are less");
    wifi.srtt = MilliSeconds(600);
    cellular.srtt = MilliSeconds(600);
    test.Expect("AB", "cellular is as slow");
    wifi.srtt = MilliSeconds(50);
    wifi.rto = MilliSeconds(1500);
    test.Expect("BA", "WiFi's RTO is 1500 ms or more and cellular's is below");
    cellular.rto = MilliSeconds(1500);
    test.Expect("AB", "cellular's RTO is as long");
    cellular.rto = MilliSeconds(200);
    wifi.rto = MilliSeconds(750);
    test.Expect("AB", "750 ms are less");
    test.SetSignal(-80);
    test.Expect("BA", "but while WiFi is bad the thresholds are half of it: RTO");
    wifi.rto = MilliSeconds(749);
    test.Expect("AB", "749 ms are less than that");
    wifi.srtt = MilliSeconds(300);
    cellular.srtt = MilliSeconds(299);
    test.Expect("BA", "the same of SRTT");
    test.SetSignal(-60);
    test.Expect("AB", "WiFi is good again");
    wifi.timeouts = 1;
    test.Expect("BA", "WiFi has a time-out and cellular none");
    cellular.timeouts = 1;
    test.Expect("AB", "both have");
    cellular.timeouts = 0;
    wifi.timeouts = 0;
    test.SetUsable(false);
    test.Expect("CA", "WiFi is lost");
}

/// Energy, worked out by hand.
class EnergyTest : public TestCase
{
  public:
    EnergyTest()
        : TestCase("Energy of a radio: promotion, traffic up and down, tail")
    {
    }

  private:
    void DoRun() override
    {
        auto radio = CreateObject<LteRadioEnergy>();
        const double promotion = 1210.7 * 0.2601;
        const double base = 1288.04 * 0.1;
        NS_TEST_EXPECT_MSG_EQ(radio->GetJoule(Seconds(5)), 0, "an idle radio counts as nothing");
        // 12500 bytes in 100 ms are 1 Mb/s.
        radio->Count(Seconds(10), 12500, false);
        NS_TEST_EXPECT_MSG_EQ_TOL(radio->GetJoule(Seconds(10.1)),
                                  (promotion + base + 5.197) / 1000,
                                  1e-9,
                                  "1 Mb/s received for a bin");
        NS_TEST_EXPECT_MSG_EQ_TOL(radio->GetJoule(Seconds(12.1)),
                                  (promotion + base + 5.197 + 2 * 1060.0) / 1000,
                                  1e-9,
                                  "2 s of the tail");
        radio->Count(Seconds(12.1), 25000, true);
        double spent = promotion + base + 5.197 + 2 * 1060.0 + base + 2 * 43.839;
        NS_TEST_EXPECT_MSG_EQ_TOL(radio->GetJoule(Seconds(12.2)),
                                  spent / 1000,
                                  1e-9,
                                  "2 Mb/s sent, without a promotion: the radio was awake");
        spent += 11.576 * 1060.0;
        NS_TEST_EXPECT_MSG_EQ_TOL(
            radio->GetJoule(Seconds(60)), spent / 1000, 1e-9, "the whole tail, and then nothing");
        radio->Count(Seconds(60), 0, true);
        NS_TEST_EXPECT_MSG_EQ_TOL(radio->GetJoule(Seconds(60.1)),
                                  (spent + promotion + base) / 1000,
                                  1e-9,
                                  "a second promotion after it");
        auto wifi = CreateObject<WifiRadioEnergy>();
        wifi->Count(Seconds(0), 12500, true);
        NS_TEST_EXPECT_MSG_EQ_TOL(wifi->GetJoule(Seconds(10)),
                                  (124.4 * 0.0791 + 13.286 + 28.317 + 119.3 * 0.2381) / 1000,
                                  1e-9,
                                  "802.11: promotion, a bin, tail");
    }
};

/// A download or upload of a managed phone that loses WiFi from 3 s to 6 s.
class ManagedTest : public TestCase
{
  public:
    /// @param manager class of the strategy @param upload whether the phone sends
    /// @param uses what the strategy must have wanted, one after the other
    /// @param longest gap in ms
    ManagedTest(const std::string& manager, bool upload, const std::string& uses, double longest)
        : TestCase(manager + (upload ? ", upload: " : ", download: ") + uses),
          m_class(manager),
          m_upload(upload),
          m_uses(uses),
          m_longest(longest)
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        network.Build();
        int64_t stream = 100;
        stream += network.AssignStreams(stream);
        const NodeContainer hosts(network.GetPhone(), network.GetServer());
        auto manager = ObjectFactory("ns3::" + m_class).Create<PhoneConnectionManager>();
        MptcpHelper mptcp;
        mptcp.Install(network.GetServer());
        mptcp.SetPathManager("ns3::MptcpNoPathManager");
        mptcp.SetSocketAttribute("StaleTimeouts", UintegerValue(manager->GetStaleTimeouts()));
        mptcp.Install(network.GetPhone());
        MptcpHelper::AssignStreams(hosts, stream);
        manager->Start(network.GetPhone(),
                       network.GetPhoneAddress(SmartphoneHelper::WIFI, false),
                       network.GetPhoneAddress(SmartphoneHelper::CELLULAR, false));
        PhoneMeter meter(
            network.GetPhone(),
            {{network.GetPhoneDevice(SmartphoneHelper::WIFI), CreateObject<WifiRadioEnergy>()},
             {network.GetPhoneDevice(SmartphoneHelper::CELLULAR), CreateObject<LteRadioEnergy>()}});
        std::string uses;
        PhoneConnectionManager::Wish wish{Use::CLOSED, Use::CLOSED};
        manager->TraceConnectWithoutContext(
            "Use",
            Callback<void, uint32_t, PhoneConnectionManager::Access, Use>(
                [&](uint32_t, PhoneConnectionManager::Access access, Use use)
                {
                    wish[access] = use;
                    const std::string text = ToText(wish);
                    // Two changes at a time are told one after the other.
                    Simulator::ScheduleNow(
                        [&, text]()
                        {
                            if (ToText(wish) == text)
                            {
                                uses += uses.empty() ? text : " " + text;
                            }
                        });
                }));
        const Address server =
            InetSocketAddress(std::get<Ipv4Address>(network.GetServerAddress(false)), 5001);
        auto sink = CreateObject<ByteStreamApplication>();
        auto source = CreateObject<ByteStreamApplication>();
        source->SetAttribute("MaxBytes", UintegerValue(std::numeric_limits<uint64_t>::max()));
        auto phone = m_upload ? source : sink;
        auto other = m_upload ? sink : source;
        for (const auto& end : {phone, other})
        {
            end->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
        }
        phone->SetAttribute("Remote", AddressValue(server));
        other->SetAttribute("Local", AddressValue(server));
        network.GetPhone()->AddApplication(phone);
        network.GetServer()->AddApplication(other);
        Time last;
        Time longest;
        sink->TraceConnectWithoutContext("Rx",
                                         Callback<void, uint64_t, uint32_t>(
                                             [&](uint64_t, uint32_t)
                                             {
                                                 longest =
                                                     std::max(longest, Simulator::Now() - last);
                                                 last = Simulator::Now();
                                             }));
        network.ScheduleSilence(SmartphoneHelper::WIFI, Seconds(3), Seconds(6));
        // 20 dB in 2 s down, and the same up.
        for (int step = 0; step <= 20; step++)
        {
            Simulator::Schedule(MilliSeconds(1000 + 100 * step),
                                &PhoneConnectionManager::NotifySignal,
                                manager,
                                WIFI,
                                -68.0 - step);
            Simulator::Schedule(MilliSeconds(6000 + 100 * step),
                                &PhoneConnectionManager::NotifySignal,
                                manager,
                                WIFI,
                                -88.0 + step);
        }
        Simulator::Schedule(
            Seconds(4), &PhoneConnectionManager::NotifyUsable, manager, WIFI, false);
        Simulator::Schedule(
            Seconds(6.1), &PhoneConnectionManager::NotifyUsable, manager, WIFI, true);
        uint64_t before = 0;
        const auto getCellular = [&]()
        {
            const auto account = meter.GetAccounts(Simulator::Now())[1];
            return account.up + account.down;
        };
        Simulator::Schedule(Seconds(10.5), [&]() { before = getCellular(); });
        Simulator::Stop(Seconds(12));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_LT(getCellular() - before, 20'000, "all has returned to WiFi");
        longest = std::max(longest, Simulator::Now() - last);
        NS_TEST_EXPECT_MSG_EQ(uses, m_uses, "what the strategy wanted");
        NS_TEST_EXPECT_MSG_EQ(sink->GetWrong(), 0, "every byte is the one that was sent");
        NS_TEST_EXPECT_MSG_GT(sink->GetReceived(), 8'000'000, "bytes");
        NS_TEST_EXPECT_MSG_LT(longest.GetSeconds() * 1000, m_longest, "longest gap");
        NS_TEST_EXPECT_MSG_GT(longest.GetSeconds() * 1000, m_longest / 3, "longest gap");
        NS_TEST_EXPECT_MSG_EQ(meter.GetIdleSubflows(), 0, "no subflow was opened for nothing");
        const auto accounts = meter.GetAccounts(Seconds(12));
        const uint64_t carried =
            m_upload ? accounts[0].up + accounts[1].up : accounts[0].down + accounts[1].down;
        NS_TEST_EXPECT_MSG_GT(carried, sink->GetReceived(), "the accesses carried all of it");
        NS_TEST_EXPECT_MSG_GT(accounts[1].joule, 1, "cellular took energy");
        manager->Dispose();
        Simulator::Destroy();
    }

    std::string m_class; //!< the strategy
    bool m_upload;       //!< the phone sends
    std::string m_uses;  //!< what it must want
    double m_longest;    //!< ms
};

/// A manager must not keep a simulation alive.
class EndTest : public TestCase
{
  public:
    EndTest()
        : TestCase("Nothing happens any more when the managed connections have ended")
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        network.Build();
        MptcpHelper mptcp;
        mptcp.Install(network.GetServer());
        mptcp.SetPathManager("ns3::MptcpNoPathManager");
        mptcp.Install(network.GetPhone());
        auto manager = CreateObject<InteractiveManager>();
        manager->Start(network.GetPhone(),
                       network.GetPhoneAddress(SmartphoneHelper::WIFI, false),
                       network.GetPhoneAddress(SmartphoneHelper::CELLULAR, false));
        const Address server =
            InetSocketAddress(std::get<Ipv4Address>(network.GetServerAddress(false)), 5001);
        auto sink = CreateObject<ByteStreamApplication>();
        auto source = CreateObject<ByteStreamApplication>();
        source->SetAttribute("MaxBytes", UintegerValue(1'000'000));
        sink->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
        source->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
        sink->SetAttribute("Remote", AddressValue(server));
        source->SetAttribute("Local", AddressValue(server));
        network.GetPhone()->AddApplication(sink);
        network.GetServer()->AddApplication(source);
        Time ended;
        sink->TraceConnectWithoutContext(
            "Ended",
            Callback<void, Socket::SocketErrno>([&ended](Socket::SocketErrno)
                                                { ended = Simulator::Now(); }));
        uint64_t events = 0;
        Simulator::Schedule(Seconds(500), [&events]() { events = Simulator::GetEventCount(); });
        Simulator::Stop(Seconds(1000));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(sink->GetReceived(), 1'000'000, "all has come");
        NS_TEST_EXPECT_MSG_LT(ended, Seconds(5), "the connection has ended");
        NS_TEST_EXPECT_MSG_LT(Simulator::GetEventCount() - events, 3, "nothing is left to do");
        manager->Dispose();
        Simulator::Destroy();
    }
};

/// The suite.
class StrategyTestSuite : public TestSuite
{
  public:
    StrategyTestSuite()
        : TestSuite("mptcp-strategy", Type::UNIT)
    {
        AddTestCase(new RuleTest("Make before break, by WiFi's signal", TestMakeBeforeBreak));
        AddTestCase(new RuleTest("Break before make: one subflow at a time", TestSinglePath));
        AddTestCase(new RuleTest("Handover: cellular if WiFi is bad and data waits", TestHandover));
        AddTestCase(new RuleTest("Interactive: the access that is not slow", TestInteractive));
        AddTestCase(new EnergyTest);
        AddTestCase(new EndTest);
        for (const bool upload : {false, true})
        {
            AddTestCase(new ManagedTest("SinglePathManager", upload, "AC CC CA CC AC", 2000));
            AddTestCase(new ManagedTest("MakeBeforeBreakManager", upload, "AC AA CA AA AC", 600));
            AddTestCase(new ManagedTest(
                "HandoverManager", upload, "AC AB BA CA BA AC", upload ? 1500 : 500));
            AddTestCase(new ManagedTest("InteractiveManager", upload, "AB BA CA BA AB", 1000));
        }
    }
};

StrategyTestSuite g_strategyTestSuite; //!< the suite

} // namespace
