// SPDX-License-Identifier: GPL-2.0-only
#ifndef MIDDLEBOX_HELPER_H
#define MIDDLEBOX_HELPER_H

#include "ns3/middlebox-link.h"
#include "ns3/net-device-container.h"
#include "ns3/object-factory.h"

#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Puts middleboxes on point-to-point links.
 * @code
 * MiddleboxHelper boxes;
 * boxes.Add("ns3::SplittingBox", "Size", UintegerValue(500));
 * boxes.Install(pointToPoint.Install(phone, router));
 * @endcode
 */
class MiddleboxHelper
{
  public:
    /**
     * Add a box to each link that Install() is called for afterwards, behind those added before.
     * @param type a class derived from Middlebox
     * @param attributes its attributes: name, value, name, value ...
     */
    template <typename... Args>
    void Add(const std::string& type, Args&&... attributes);

    /// As above. @param box makes it
    void Add(const ObjectFactory& box);

    /**
     * Put the boxes on a link.
     * @param first device of a PointToPointChannel; the boxes' FORWARD is from there
     * @param second device of the channel
     * @return the link, which knows its boxes and takes more
     */
    Ptr<MiddleboxLink> Install(Ptr<NetDevice> first, Ptr<NetDevice> second) const;
    /// Put the boxes on a link. @param link both devices, as PointToPointHelper returns them
    /// @return the link
    Ptr<MiddleboxLink> Install(const NetDeviceContainer& link) const;

    /// Fix the random numbers of a link's boxes. @param link it @param stream the first to use
    /// @return how many are used
    static int64_t AssignStreams(Ptr<MiddleboxLink> link, int64_t stream);

  private:
    std::vector<ObjectFactory> m_boxes; //!< what to make, as FORWARD meets them
};

template <typename... Args>
void
MiddleboxHelper::Add(const std::string& type, Args&&... attributes)
{
    ObjectFactory box(type);
    box.Set(std::forward<Args>(attributes)...);
    m_boxes.push_back(box);
}

} // namespace ns3

#endif // MIDDLEBOX_HELPER_H
