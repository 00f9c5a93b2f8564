// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_MIDDLEBOX_SCENE_H
#define MPTCP_MIDDLEBOX_SCENE_H

#include "recorded-transfer.h"

#include "ns3/middlebox-helper.h"

#include <functional>
#include <string>
#include <vector>

/**
 * @file
 * A transfer through middleboxes: what is on its paths, and what is to be expected.
 */

namespace ns3
{

namespace middleboxes
{

constexpr uint16_t PORT = 80;   //!< of the server
constexpr size_t SIZE = 400000; //!< bytes each way

/// What a connection is when it ends.
enum class Outcome
{
    MULTIPATH, //!< Multipath TCP on more than one subflow
    ALONE,     //!< Multipath TCP, of which one subflow has worked
    FALLBACK,  //!< plain TCP
};

/// A box and what is to be expected.
struct Scene
{
    std::string name;                                      //!< a sentence
    std::function<void(MiddleboxHelper&, uint32_t)> boxes; //!< adds those of a path
    Outcome outcome{Outcome::MULTIPATH};                   //!< see Outcome
    int path{-1};                                          //!< which one has the boxes; -1: all
    uint32_t paths{2};                                     //!< how many there are
    TestAttributes attributes;                             //!< of both ends
    std::function<void(TestRig&)> arrange;                 //!< more obstacles
    /// looks at more
    std::function<void(ScenarioTestCase&, TestRig&, RecordedTransfer&)> check;
};

/// What the server's link has carried.
struct Tally
{
    uint32_t agreed{0};     //!< SYN/ACKs with MP_CAPABLE
    uint32_t joined{0};     //!< SYN/ACKs with MP_JOIN
    bool infinite{false};   //!< an infinite mapping
    uint32_t unmapped[2]{}; //!< segments at the end without mapping, of client and server
    uint32_t resets{0};     //!< RSTs
};

/// @param rig whose server's link to watch @param tally fills it in
void Watch(TestRig& rig, Tally& tally);

/// @param rig the network @param scene whose boxes to put on its paths
/// @return the links that have some
std::vector<Ptr<MiddleboxLink>> InstallBoxes(TestRig& rig, const Scene& scene);

/// @param test to report to @param links whose boxes have all done something
void ExpectActions(ScenarioTestCase& test, const std::vector<Ptr<MiddleboxLink>>& links);

/// @param test to report to @param rig the network: no segment had a wrong checksum
void ExpectChecksums(ScenarioTestCase& test, TestRig& rig);

/// Test each scene over IPv4 and IPv6. @param suite to add to @param scenes what there is
void AddScenes(ScenarioTestSuite& suite, const std::vector<Scene>& scenes);

} // namespace middleboxes

} // namespace ns3

#endif // MPTCP_MIDDLEBOX_SCENE_H
