// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_ONE_RUN_H
#define HANDOVER_ONE_RUN_H

#include "experiment.h"

#include "ns3/applications-module.h"

#include <functional>
#include <memory>
#include <utility>

namespace handover
{

using namespace ns3;

constexpr auto WIFI = SmartphoneHelper::WIFI;
constexpr auto CELLULAR = SmartphoneHelper::CELLULAR;
/// One for which packet analysers expect no other protocol.
constexpr uint16_t PORT = 5001;

/// Attach a function to a trace source. @param object whose @param name its @param sink function
template <typename... Args, typename Sink>
void
Connect(Ptr<Object> object, const char* name, Sink sink)
{
    object->TraceConnectWithoutContext(name, Callback<void, Args...>(sink));
}

/// One scheme with one kind of traffic: simulation.cc has the network, traffic.cc what crosses it.
class Simulation
{
  public:
    /// @param scheme how @param traffic what @param experiment the rest
    Simulation(const Scheme& scheme, Traffic traffic, const Experiment& experiment)
        : m_scheme(scheme),
          m_traffic(traffic),
          m_experiment(experiment),
          m_folder(experiment.GetDraft() / GetFolder(scheme, traffic)),
          m_network(experiment.phones)
    {
        m_outcome.scheme = &scheme;
        m_outcome.traffic = traffic;
    }

    /// @param built is called when the network is there @return what came out
    Outcome Run(const std::function<void()>& built);

  private:
    /// Build the network, and put the transport on its hosts.
    void Build();
    /// Put an application on the phone. @param application it
    void AddToPhone(Ptr<Application> application) const;
    /// Let a connection of MPTCP begin over the other access, if the phone has none by the scheme's
    /// and knows so. @param application on the phone
    void ChooseAccess(Ptr<Application> application) const;
    /// Let others use the accesses.
    void AddBackground();
    /// @param access one @return whether connections of this scheme that begin there are of IPv6
    bool BeginsWithIpv6(SmartphoneHelper::Access access) const;
    /// @param access one @return the phone's address there, from which connections begin
    IpAddress GetPhoneAddress(SmartphoneHelper::Access access) const;
    /// @return local addresses that a client without MPTCP may begin from, the scheme's first
    std::vector<Address> GetLocals() const;
    /// Let happen what is to happen to WiFi.
    void ScheduleOutage();
    /// Make the connection manager. @return it
    Ptr<PhoneConnectionManager> CreateManager();
    /// @return the phone's program, which knows when it will leave WiFi
    Ptr<PosixApplication> CreateProgram() const;
    /// @param local of this end @param remote of the other one, invalid: this end listens
    /// @param upload whether the phone sends @return one end of a byte stream
    Ptr<ByteStreamApplication>
    CreateStream(const Address& local, const Address& remote, bool sends) const;
    /// @tparam Client a RangeClient @return one on the phone
    template <typename Client>
    Ptr<Client> CreateClient();
    /// @return its other end, on the server
    Ptr<RangeServer> CreateRangeServer();

    /// Transfer as much as there is time for.
    void AddBulk();
    /// Transfer small objects.
    void AddRequests();
    /// Transfer web pages.
    void AddPages();
    /// Transfer frames.
    void AddFrames();
    /// Note what was awaited in vain. @param since when
    void AddMissing(const std::vector<Time>& since);
    /// @param latency of an object, a page or a frame
    void AddDelay(Time latency);
    /// Write delays that belong to times. @param columns the first line
    void WriteDelays(const std::string& columns) const;

    const Scheme& m_scheme;               //!< how
    const Traffic m_traffic;              //!< what
    const Experiment& m_experiment;       //!< the rest
    const std::filesystem::path m_folder; //!< of the results
    Outcome m_outcome;                    //!< what came out

    SmartphoneHelper m_network;                       //!< the network
    TypeId m_protocol;                                //!< socket factory
    Address m_server;                                 //!< where the server listens
    Time m_outageStart;                               //!< when it begins in this run
    Time m_outageEnd;                                 //!< when it ends in this run
    Ptr<PhoneConnectionManager> m_manager;            //!< if the scheme has one
    Ptr<RangeClient> m_client;                        //!< if the phone runs one
    std::vector<Address> m_locals;                    //!< that it was told of
    std::unique_ptr<TransferStatistics> m_statistics; //!< of bulk
    std::vector<std::pair<Time, Time>> m_delays;      //!< when each was complete, and its delay
    std::function<void()> m_finish;                   //!< what is left to do after the run
};

} // namespace handover

#endif // HANDOVER_ONE_RUN_H
