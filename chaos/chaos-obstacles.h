// SPDX-License-Identifier: GPL-2.0-only
#ifndef CHAOS_OBSTACLES_H
#define CHAOS_OBSTACLES_H

#include "chaos-plan.h"

#include "ns3/middlebox-link.h"

namespace ns3
{

/**
 * @param event an obstacle in the way of segments
 * @param stream random stream
 * @return the rule that puts it on a path
 */
WireRule MakeObstacle(const ChaosEvent& event, int64_t stream);

/// Give both ends of a path a queue disc. @param path it @param type class of the queue disc
void InstallQueueDisc(Ptr<FilterChannel> path, const std::string& type);

/**
 * Put a box on a path, behind those that are there.
 * @param path it
 * @param link of the path's boxes; made with the first one
 * @param event tells which
 * @param stream random stream
 */
void InstallMiddlebox(Ptr<FilterChannel> path,
                      Ptr<MiddleboxLink>& link,
                      const ChaosEvent& event,
                      int64_t stream);

} // namespace ns3

#endif // CHAOS_OBSTACLES_H
