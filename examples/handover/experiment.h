// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_EXPERIMENT_H
#define HANDOVER_EXPERIMENT_H

#include "ns3/core-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace handover
{

/// Whose TCP a scheme uses.
enum class Transport
{
    STOCK, //!< ns-3's
    PLAIN, //!< this module's, without MPTCP
    MPTCP  //!< this module's
};

/// Who on the phone does something about a lost access, beside the transport.
enum class Actor
{
    NONE,      //!< nobody
    RECONNECT, //!< the application connects again and goes on where it was
    PROGRAM,   //!< a program in C, by the draft's socket options
    MANAGER    //!< a ns3::PhoneConnectionManager
};

/// One way to do the transfer.
struct Scheme
{
    std::string name;                     //!< as on the command line
    Transport transport;                  //!< whose TCP
    ns3::SmartphoneHelper::Access access; //!< where the connection begins
    Actor actor{Actor::NONE};             //!< who acts
    std::string manager{};                //!< class of the PhoneConnectionManager
    bool backup{false};                   //!< the cellular path is a backup from the beginning
    std::string scheduler{};              //!< class, at both ends; empty: what the option says
};

/// All schemes, in the order in which `all` has them.
extern const std::vector<Scheme> SCHEMES;

/// What is transferred.
enum class Traffic
{
    BULK,     //!< as much as there is time for
    REQUESTS, //!< small objects, again and again
    PAGES,    //!< web pages of many objects
    FRAMES    //!< voice or video at a constant rate
};

/// Names of Traffic, on the command line and in the results.
extern const std::vector<std::string> TRAFFIC_NAMES;

/// What takes the WiFi access away.
enum class Event
{
    NONE,
    SILENT,
    INTERFACE,
    ADDRESS
};

/// What IP an access has.
enum class Family
{
    IPV4,
    IPV6,
    BOTH
};

/// An access.
struct Access
{
    std::string kind;   //!< a name of PhoneAccess; rate to loss are not of all kinds
    ns3::DataRate rate; //!< in each direction
    ns3::Time delay;    //!< one way
    uint32_t packets{}; //!< of each device's queue
    double loss{};      //!< part of the packets

    Family family{Family::IPV4};       //!< what IP it has
    bool translated{false};            //!< its router translates IPv4 addresses
    ns3::DataRate backgroundDown{"0"}; //!< what others receive over it
    ns3::DataRate backgroundUp{"0"};   //!< what others send over it

    /// @return whether connections that begin here are of IPv6
    bool BeginsWithIpv6() const
    {
        return family == Family::IPV6;
    }

    /// @param other another access @return whether there is a family that both have
    bool SharesFamily(const Access& other) const
    {
        return family == other.family || family == Family::BOTH || other.family == Family::BOTH;
    }

    /// @return whether it is a radio, which phones share, and not a link of the phone's own
    bool IsShared() const
    {
        return kind != "emulated" && kind != "trace";
    }
};

/// What is to be done.
struct Experiment
{
    std::vector<Scheme> schemes;          //!< in this order
    std::vector<Traffic> traffic;         //!< each in runs of its own
    ns3::Time duration;                   //!< of each transfer
    Access wifi;                          //!< the phone's
    Access cellular;                      //!< the phone's
    ns3::DataRate serverRate;             //!< of the server's link
    ns3::Time serverDelay;                //!< of the server's link, one way
    std::string movement;                 //!< of the phone, for radios
    double far{};                         //!< where it goes, in m
    double speed{};                       //!< how fast, in m/s
    ns3::Time pause;                      //!< how long it stays there
    std::vector<ns3::AccessEvent> events; //!< what else happens to the accesses
    std::string eventsFile;               //!< where that was read
    Event event{Event::SILENT};           //!< what happens to WiFi
    ns3::Time outageStart;                //!< when it happens
    ns3::Time outageEnd;                  //!< when it is undone
    ns3::Time outageSpread;               //!< both come later by a random time up to this
    double signalStrong{};                //!< of WiFi, in dBm, far from the outage
    double signalWeak{};                  //!< of WiFi, in dBm, as it falls silent
    ns3::Time signalFall;                 //!< from strong to weak before a silence
    ns3::Time lossReport;                 //!< from the silence until connection managers hear of it
    ns3::Time deadline;                   //!< of frames
    bool upload{false};                   //!< the phone sends; otherwise the server
    uint32_t serverAddresses{1};          //!< of each family
    uint32_t phones{1};                   //!< the one that is looked at, and others
    ns3::TypeId scheduler;                //!< of MPTCP
    ns3::TypeId pathManager;              //!< of MPTCP
    ns3::TypeId congestion;               //!< of all schemes
    uint32_t segmentSize{0};              //!< payload bytes
    ns3::Time minRto;                     //!< of all schemes
    ns3::Time staleMaxRto;                //!< of MPTCP
    uint32_t buffer{0};                   //!< bytes of each send and receive buffer
    uint32_t blockSize{0};                //!< bytes
    uint32_t seed{1};                     //!< of random numbers
    uint64_t run{1};                      //!< of random numbers
    bool pcapHosts{true};                 //!< capture on phone and server
    bool pcapRouters{false};              //!< capture on routers
    bool animation{false};                //!< write a file for NetAnim
    bool series{true};                    //!< write what can be drawn of bulk
    bool delays{true};                    //!< write what can be drawn of the rest
    std::filesystem::path output;         //!< where results go

    /// @param access one @return it
    const Access& GetAccess(ns3::SmartphoneHelper::Access access) const
    {
        return access == ns3::SmartphoneHelper::WIFI ? wifi : cellular;
    }

    /// @return where everything is written until the run is finished: what an earlier one left in
    /// the folder of the results stays as it is until then
    std::filesystem::path GetDraft() const
    {
        return output / "unfinished";
    }
};

/// @param scheme a scheme @param traffic what it carries
/// @return where its files are, from the folder of the results
std::filesystem::path GetFolder(const Scheme& scheme, Traffic traffic);

/// What came out of one scheme with one kind of traffic.
struct Outcome
{
    const Scheme* scheme;                         //!< which
    Traffic traffic;                              //!< which
    ns3::TransferStatistics::Result stream;       //!< bytes and time; only wrong if not BULK
    std::vector<ns3::PhoneMeter::Account> access; //!< by SmartphoneHelper::Access
    std::optional<uint32_t> subflows;             //!< that were established; unknown of stock TCP
    uint32_t idleSubflows{0};                     //!< ... and carried nothing
    uint32_t reconnections{0};                    //!< of the application
    std::vector<double> delays; //!< in ms, of requests, pages or frames, sorted; of those that did
                                //!< not come, how long they had been awaited
    uint32_t missing{0};        //!< of them, that did not come
    uint32_t late{0};           //!< frames that came after the deadline, or not at all
    bool ended{false};          //!< the connection ended before the run
    ns3::Time outageStart;      //!< when WiFi's began in this run
    ns3::Time outageEnd;        //!< when it ended
};

} // namespace handover

#endif // HANDOVER_EXPERIMENT_H
