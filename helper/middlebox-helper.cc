// SPDX-License-Identifier: GPL-2.0-only
#include "middlebox-helper.h"

#include "ns3/abort.h"

namespace ns3
{

void
MiddleboxHelper::Add(const ObjectFactory& box)
{
    m_boxes.push_back(box);
}

Ptr<MiddleboxLink>
MiddleboxHelper::Install(Ptr<NetDevice> first, Ptr<NetDevice> second) const
{
    const auto from = DynamicCast<PointToPointNetDevice>(first);
    const auto to = DynamicCast<PointToPointNetDevice>(second);
    NS_ABORT_MSG_UNLESS(from && to,
                        "MiddleboxHelper: both devices must be a PointToPointNetDevice");
    auto link = CreateObject<MiddleboxLink>();
    link->Attach(from, to);
    for (const auto& factory : m_boxes)
    {
        const auto box = factory.Create<Middlebox>();
        NS_ABORT_MSG_UNLESS(box,
                            "MiddleboxHelper: " << factory.GetTypeId().GetName()
                                                << " is not derived from ns3::Middlebox");
        link->Add(box);
    }
    return link;
}

Ptr<MiddleboxLink>
MiddleboxHelper::Install(const NetDeviceContainer& link) const
{
    NS_ABORT_MSG_UNLESS(link.GetN() == 2,
                        "MiddleboxHelper: a link has 2 devices, not " << link.GetN());
    return Install(link.Get(0), link.Get(1));
}

int64_t
MiddleboxHelper::AssignStreams(Ptr<MiddleboxLink> link, int64_t stream)
{
    const int64_t first = stream;
    for (const auto& box : link->GetBoxes())
    {
        stream += box->AssignStreams(stream);
    }
    return stream - first;
}

} // namespace ns3
