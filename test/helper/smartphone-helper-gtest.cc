// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/link-access.h"
#include "ns3/simulator.h"
#include "ns3/smartphone-helper.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

/// As other helpers it may go once it has built: what its accesses schedule is still to come.
TEST(SmartphoneHelper, AccessesOutliveIt)
{
    const auto access = CreateObject<PointToPointAccess>();
    const auto references = access->GetReferenceCount();
    {
        SmartphoneHelper helper;
        helper.SetAccess(SmartphoneHelper::WIFI, access);
        helper.Build();
    }
    EXPECT_GT(access->GetReferenceCount(), references);
    Simulator::Destroy();
    EXPECT_EQ(access->GetReferenceCount(), references);
}

} // namespace
