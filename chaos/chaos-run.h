// SPDX-License-Identifier: GPL-2.0-only
#ifndef CHAOS_RUN_H
#define CHAOS_RUN_H

#include "chaos-addresses.h"
#include "chaos-census.h"
#include "chaos-end.h"
#include "chaos-plan.h"

#include "ns3/middlebox-link.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3
{

/// Does what a plan says, and judges what came of it.
class ChaosRun
{
  public:
    /**
     * @param plan what to do
     * @param census counts what lives; outlives this
     * @param capture begin of the names of pcap files; empty: none
     */
    ChaosRun(const ChaosPlan& plan, ChaosCensus& census, const std::string& capture);

    /// Run to the end.
    void Run();

    /// @return what is wrong, a sentence each
    std::vector<std::string> GetProblems() const;
    /// @return what there was, on one line
    std::string Summarize() const;

  private:
    /// One connection, with its ends; the server's is there once it was accepted.
    struct Connection
    {
        Ptr<Socket> listener;              //!< the server's
        std::unique_ptr<ChaosEnd> ends[2]; //!< client, server
    };

    /// Put queue discs and obstacles on the paths, and schedule what happens to them.
    /// @param event an event of a path
    void Arrange(const ChaosEvent& event, uint32_t number);
    /// Listen and connect. @param number of the connection
    void Open(uint32_t number);
    /// @param end number @return a socket with its attributes
    Ptr<Socket> CreateSocket(uint32_t end) const;
    /// @param number of the connection @param socket of its server
    void OnAccept(uint32_t number, Ptr<Socket> socket);
    /// @param event of an end, whose time has come
    void OnMood(const ChaosEvent& event);
    /// No new connections: those that come late find nobody.
    void CloseListeners();
    /// @param number of a connection @return whether both ends saw Multipath TCP to their end
    bool IsMultipath(uint32_t number) const;
    /// @param action one @param value its value, or empty for any @return whether there is one
    bool Has(ChaosAction action, const std::string& value = "") const;
    /// @param number of a connection @return the client's path manager, empty for the full mesh
    std::string GetPathManager(uint32_t number) const;
    /// @param number of a connection @return whether a path manager cannot save it from what
    /// happens to the client's addresses
    bool MayLoseAddresses(uint32_t number) const;
    /// @param number of a connection @return whether data may be acknowledged and lost, with
    /// nobody to send it again
    bool MayStall(uint32_t number) const;
    /// @param number of a connection @return whether an application ends subflows of it
    bool EndsSubflows(uint32_t number) const;
    /// @param number of a connection @return whether an end asks for DSS checksums
    bool HasChecksums(uint32_t number) const;
    /// @param number of a connection @return whether a box changes data, and there may be no way
    /// around it
    bool MayBeStuck(uint32_t number) const;
    /// @param number of a connection @return whether a box may change what the application reads
    bool MayBeChanged(uint32_t number) const;
    /// @param number of a connection @return what is wrong with it
    std::vector<std::string> Judge(uint32_t number) const;

    ChaosPlan m_plan;                        //!< what to do
    ChaosCensus& m_census;                   //!< counts what lives
    TestRig m_rig;                           //!< the network
    ChaosAddresses m_addresses;              //!< of the client
    std::vector<uint32_t> m_silences;        //!< in force, by path
    std::vector<Ptr<MiddleboxLink>> m_boxes; //!< by path; nullptr without boxes
    std::vector<Connection> m_connections;   //!< by number
    std::vector<std::string> m_leftovers;    //!< what was left after the run
};

} // namespace ns3

#endif // CHAOS_RUN_H
