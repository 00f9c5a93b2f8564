// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_EXPERIMENT_H
#define HANDOVER_EXPERIMENT_H

#include "ns3/core-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace handover
{

/// One way to do the transfer.
struct Scheme
{
    std::string name;                //!< as on the command line
    bool own;                        //!< this module's transport; otherwise ns-3's
    bool multipath;                  //!< MPTCP
    ns3::SmartphoneHelper::Access access; //!< where the connection begins
    bool backup;                     //!< the cellular path is a backup
    bool program;                    //!< the phone runs a program that moves the connection
};

/// All schemes, in the order in which `all` has them.
extern const std::vector<Scheme> SCHEMES;

/// What takes the WiFi access away.
enum class Event
{
    NONE,
    SILENT,
    INTERFACE,
    ADDRESS
};

/// An access.
struct Access
{
    ns3::DataRate rate;      //!< in each direction
    ns3::Time delay;         //!< one way
    uint32_t packets{}; //!< of each device's queue
    double loss{};      //!< part of the packets
};

/// What is to be done.
struct Experiment
{
    std::vector<Scheme> schemes;  //!< in this order
    ns3::Time duration;                //!< of each transfer
    Access wifi;                  //!< the phone's
    Access cellular;              //!< the phone's
    ns3::DataRate serverRate;          //!< of the server's link
    ns3::Time serverDelay;             //!< of the server's link, one way
    Event event{Event::SILENT};   //!< what happens to WiFi
    ns3::Time outageStart;             //!< when it happens
    ns3::Time outageEnd;               //!< when it is undone
    bool upload{false};           //!< the phone sends; otherwise the server
    bool ipv6{false};             //!< family
    ns3::TypeId scheduler;             //!< of MPTCP
    ns3::TypeId pathManager;           //!< of MPTCP
    ns3::TypeId congestion;            //!< of all schemes
    uint32_t segmentSize{0};      //!< payload bytes
    ns3::Time minRto;                  //!< of all schemes
    ns3::Time staleMaxRto;             //!< of MPTCP
    uint32_t buffer{0};           //!< bytes of each send and receive buffer
    uint32_t blockSize{0};        //!< bytes
    uint32_t seed{1};             //!< of random numbers
    uint64_t run{1};              //!< of random numbers
    bool pcapHosts{true};         //!< capture on phone and server
    bool pcapRouters{false};      //!< capture on routers
    std::filesystem::path output; //!< where results go
};

} // namespace handover

#endif // HANDOVER_EXPERIMENT_H
