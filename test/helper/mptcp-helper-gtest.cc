// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/mptcp-helper.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

/// A class that there is not ends the program; it is not passed over, as ns-3's factories would.
TEST(MptcpHelper, RefusesAClassThatIsNotThere)
{
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(MptcpHelper().SetScheduler("ns3::Nothing"), "no class ns3::Nothing");
    EXPECT_DEATH(MptcpHelper().SetPathManager("MptcpFullMesh"), "no class MptcpFullMesh");
    EXPECT_DEATH(MptcpHelper().SetCongestionControl(""), "no class");
}

} // namespace
