// SPDX-License-Identifier: GPL-2.0-only
#ifndef PHONE_MOBILITY_H
#define PHONE_MOBILITY_H

#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/vector.h"

#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Where a phone is, and how it moves. To be given to SmartphoneHelper::GetPhone() before Build().
 */
struct PhoneMobility
{
    double near{5};          //!< m from the origin along x, where a walk begins
    double far{150};         //!< m from the origin along x, where it turns or ends
    double speed{1.5};       //!< m/s
    double aside{0};         //!< m from the x axis
    Time start{Seconds(2)};  //!< when it begins to move
    Time pause{Seconds(10)}; //!< at the far end

    /// Stay at a place. @param node the phone @param position in m
    static void Stand(Ptr<Node> node, const Vector& position);

    /**
     * Move as a name says.
     * - `stand`: stay at near
     * - `walk-out`: from near to far, stay there, and back to near
     * - `walk-through`: from -far to far. With several access points along the x axis and far
     *   beyond the last of them it is a `commute`, which is another name for this
     * @param node the phone
     * @param name what it does
     * @throw std::invalid_argument with the names that there are, if this is none
     */
    void Install(Ptr<Node> node, const std::string& name) const;
    /// @return the names
    static std::vector<std::string> GetNames();
    /// @param name one @return when the phone has come to where it stays
    Time GetEnd(const std::string& name) const;

    /**
     * Move as node 0 of an ns-2 trace does, which BonnMotion writes.
     * @param node the phone
     * @param file its name
     * @throw std::invalid_argument if the file cannot be read or has no node 0
     */
    static void FollowTrace(Ptr<Node> node, const std::string& file);
};

} // namespace ns3

#endif // PHONE_MOBILITY_H
