// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/mobility-model.h"
#include "ns3/node.h"
#include "ns3/phone-mobility.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <fstream>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace ns3;

namespace
{

/// Where a phone is.
class MovementTest : public TestCase
{
  public:
    /// @param name a sentence @param install lets a phone move
    /// @param expected times in s and positions along x in m
    MovementTest(const std::string& name,
                 std::function<void(MovementTest&, Ptr<Node>)> install,
                 std::vector<std::pair<double, double>> expected)
        : TestCase(name),
          m_install(std::move(install)),
          m_expected(std::move(expected))
    {
    }

    /// @param name of a file @param text of it @return where it is
    std::string Write(const std::string& name, const std::string& text)
    {
        const std::string file = CreateTempDirFilename(name);
        std::ofstream(file) << text;
        return file;
    }

  private:
    void DoRun() override
    {
        auto phone = CreateObject<Node>();
        m_install(*this, phone);
        for (const auto& [time, x] : m_expected)
        {
            Simulator::Schedule(
                Seconds(time),
                [this, phone, x = x]()
                {
                    const Vector position = phone->GetObject<MobilityModel>()->GetPosition();
                    NS_TEST_EXPECT_MSG_EQ_TOL(position.x, x, 0.01, "at " << Simulator::Now());
                });
        }
        Simulator::Stop(Seconds(100));
        Simulator::Run();
        Simulator::Destroy();
    }

    std::function<void(MovementTest&, Ptr<Node>)> m_install; //!< lets it move
    std::vector<std::pair<double, double>> m_expected;       //!< times and positions
};

/// @return a walk at 10 m/s from 10 to 100 m
PhoneMobility
MakeWalk()
{
    PhoneMobility mobility;
    mobility.far = 100;
    mobility.near = 10;
    mobility.speed = 10;
    mobility.start = Seconds(2);
    mobility.pause = Seconds(5);
    return mobility;
}

/// @param movement a name @param mobility how @return what lets a phone move so
std::function<void(MovementTest&, Ptr<Node>)>
By(const std::string& movement, const PhoneMobility& mobility = MakeWalk())
{
    return [movement, mobility](MovementTest&, Ptr<Node> phone)
    { mobility.Install(phone, movement); };
}

/// What is no trace.
class TraceErrorTest : public TestCase
{
  public:
    TraceErrorTest()
        : TestCase("What is no trace is told")
    {
    }

  private:
    void DoRun() override
    {
        const std::string file = CreateTempDirFilename("other.ns_movements");
        std::ofstream(file) << "$node_(1) set X_ 3\n";
        Expect(file, file + ": tells nothing of $node_(0)");
        Expect("/nowhere/at/all", "/nowhere/at/all: cannot be read");
    }

    /// @param file one @param error what is wrong with it
    void Expect(const std::string& file, const std::string& error)
    {
        std::string told;
        try
        {
            PhoneMobility::FollowTrace(CreateObject<Node>(), file);
        }
        catch (const std::invalid_argument& exception)
        {
            told = exception.what();
        }
        NS_TEST_EXPECT_MSG_EQ(told, error, "the error");
    }
};

/// The suite.
class PhoneMobilityTestSuite : public TestSuite
{
  public:
    PhoneMobilityTestSuite()
        : TestSuite("mptcp-phone-mobility", Type::UNIT)
    {
        AddTestCase(new MovementTest("A phone stands", By("stand"), {{1, 10}, {90, 10}}));
        AddTestCase(new MovementTest("A phone walks out, waits, and walks back",
                                     By("walk-out"),
                                     {{1, 10}, {3, 20}, {11, 100}, {15, 100}, {17, 90}, {30, 10}}));
        AddTestCase(new MovementTest("A phone walks through",
                                     By("walk-through"),
                                     {{1, -100}, {12, 0}, {17, 50}, {30, 100}}));
        AddTestCase(new MovementTest("A phone commutes", By("commute"), {{12, 0}, {30, 100}}));
        PhoneMobility restless = MakeWalk();
        restless.pause = Seconds(0);
        AddTestCase(new MovementTest("A phone walks out and back at once",
                                     By("walk-out", restless),
                                     {{1, 10}, {3, 20}, {11, 100}, {12, 90}, {30, 10}}));
        PhoneMobility early = MakeWalk();
        early.start = Seconds(0);
        AddTestCase(new MovementTest("A phone walks out from the begin on",
                                     By("walk-out", early),
                                     {{0, 10}, {1, 20}, {9, 100}, {14, 100}, {15, 90}, {30, 10}}));
        AddTestCase(new MovementTest("A phone walks through from the begin on",
                                     By("walk-through", early),
                                     {{0, -100}, {10, 0}, {30, 100}}));
        PhoneMobility nowhere = MakeWalk();
        nowhere.far = nowhere.near;
        AddTestCase(new MovementTest("A phone walks out to where it is",
                                     By("walk-out", nowhere),
                                     {{1, 10}, {2, 10}, {30, 10}}));
        nowhere.start = Seconds(0);
        nowhere.pause = Seconds(0);
        AddTestCase(new MovementTest("A phone walks out to where it is, at once and without pause",
                                     By("walk-out", nowhere),
                                     {{0, 10}, {1, 10}, {30, 10}}));
        AddTestCase(new MovementTest("A phone follows a trace of ns-2",
                                     [](MovementTest& test, Ptr<Node> phone)
                                     {
                                         PhoneMobility::FollowTrace(
                                             phone,
                                             test.Write("walk.ns_movements",
                                                        "$node_(0) set X_ 5.0\n"
                                                        "$node_(0) set Y_ 1.0\n"
                                                        "$ns_ at 2.0 \"$node_(0) setdest 25.0 1.0 "
                                                        "4.0\"\n"));
                                     },
                                     {{1, 5}, {4.5, 15}, {8, 25}}));
        AddTestCase(new TraceErrorTest);
    }
};

PhoneMobilityTestSuite g_phoneMobilityTestSuite; //!< the suite

} // namespace
