// SPDX-License-Identifier: GPL-2.0-only
#ifndef TRANSFER_PLAN_H
#define TRANSFER_PLAN_H

#include "test-rig.h"
#include "wire-checker.h"

#include <functional>

namespace ns3
{

/// How a connection of a plan ends up.
enum class Expectation
{
    MULTIPATH, //!< Multipath TCP to the end: the wire is held against RFC 8684
    FALLBACK,  //!< asked for, but plain TCP in the end
    PLAIN,     //!< no MPTCP option on any segment
    LIKELY,    //!< MULTIPATH, if the first SYNs are not all lost
    DELIVERED, //!< whatever, if only all arrives
};

/**
 * One connection from client to server, port 80, that delivers all of its bytes and ends in order.
 */
struct TransferPlan
{
    RigOptions net;                                  //!< the network
    uint64_t up{0};                                  //!< bytes from client to server
    uint64_t down{0};                                //!< bytes from server to client
    TestAttributes attributes;                       //!< of the sockets of both ends
    EndpointOptions client;                          //!< the client, but for bytes and attributes
    EndpointOptions server;                          //!< the server, but for bytes and attributes
    Expectation expectation{Expectation::MULTIPATH}; //!< see Expectation
    uint32_t joins{0};                               //!< subflows that are to join, at least
    bool stockClient{false};                         //!< the client uses ns-3's own TCP
    bool stockServer{false};                         //!< the server uses ns-3's own TCP
    Time limit{Seconds(300)};                        //!< when all events must be over
    std::function<void(TestRig&)> arrange;           //!< puts obstacles in the way
    /// looks at what there was, in addition to the plan's own checks
    std::function<void(ScenarioTestCase&, TestRig&, WireChecker&)> check;
};

/// @param count of paths @return network options with so many equal paths
RigOptions Paths(uint32_t count);

/// @param test to report to @param plan what to do and to expect
void RunTransfer(ScenarioTestCase& test, const TransferPlan& plan);

} // namespace ns3

#endif // TRANSFER_PLAN_H
