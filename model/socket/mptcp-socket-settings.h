// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SOCKET_SETTINGS_H
#define MPTCP_SOCKET_SETTINGS_H

#include "ns3/mptcp-settings.h"
#include "ns3/node.h"

namespace ns3
{

/**
 * Tell what the user chose from what was left alone, once a socket's constructor has set all
 * attributes. A value other than the attribute's original default was chosen: for the object, by
 * Config::SetDefault or by the environment. What was left alone becomes Linux's default, or, if
 * only TcpSocketBase has an attribute of that name and its default was changed, that value.
 * @param settings what the constructor set, then what is in force
 */
void ResolveDefaults(MptcpSettings& settings);

/**
 * @param node a node
 * @return TcpL4Protocol::SocketType if it was changed (by default or on the node), else TcpCubic,
 * Linux's default
 */
TypeId GetDefaultCongestionControl(Ptr<const Node> node);

/**
 * @param node a node
 * @return TcpL4Protocol::RttType
 */
TypeId GetDefaultRttEstimator(Ptr<const Node> node);

} // namespace ns3

#endif // MPTCP_SOCKET_SETTINGS_H
