// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-subflow.h"

#include "ns3/trace-source-accessor.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpSubflow);

namespace
{

/**
 * A trace source that a subflow shows and its TcpSocketState has: sinks are connected to the
 * state, so that nothing is passed on where nobody listens.
 */
class StateTraceAccessor : public TraceSourceAccessor
{
  public:
    /// @param name the trace source of TcpSocketState
    explicit StateTraceAccessor(const char* name)
        : m_name(name)
    {
    }

    bool ConnectWithoutContext(ObjectBase* object, const CallbackBase& sink) const override
    {
        const auto state = GetState(object);
        return state && state->TraceConnectWithoutContext(m_name, sink);
    }

    bool Connect(ObjectBase* object, std::string context, const CallbackBase& sink) const override
    {
        const auto state = GetState(object);
        return state && state->TraceConnect(m_name, context, sink);
    }

    bool DisconnectWithoutContext(ObjectBase* object, const CallbackBase& sink) const override
    {
        const auto state = GetState(object);
        return state && state->TraceDisconnectWithoutContext(m_name, sink);
    }

    bool
    Disconnect(ObjectBase* object, std::string context, const CallbackBase& sink) const override
    {
        const auto state = GetState(object);
        return state && state->TraceDisconnect(m_name, context, sink);
    }

  private:
    /// @param object a subflow @return its state, or nullptr
    static Ptr<TcpSocketState> GetState(ObjectBase* object)
    {
        const auto subflow = dynamic_cast<MptcpSubflow*>(object);
        return subflow ? subflow->GetSocketState() : nullptr;
    }

    const char* m_name; //!< in TcpSocketState
};

/// @param name the trace source of TcpSocketState @return an accessor for it
Ptr<const TraceSourceAccessor>
OfState(const char* name)
{
    return Ptr<const TraceSourceAccessor>(new StateTraceAccessor(name), false);
}

} // namespace

TypeId
MptcpSubflow::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpSubflow")
            .SetParent<Object>()
            .SetGroupName("Mptcp")
            .AddTraceSource("CongestionWindow",
                            "Congestion window of the subflow, in bytes (RFC 5681).",
                            OfState("CongestionWindow"),
                            "ns3::TracedValueCallback::Uint32")
            .AddTraceSource("SlowStartThreshold",
                            "Slow start threshold of the subflow, in bytes (RFC 5681).",
                            OfState("SlowStartThreshold"),
                            "ns3::TracedValueCallback::Uint32")
            .AddTraceSource("BytesInFlight",
                            "Bytes that were sent on the subflow and are neither delivered nor "
                            "lost: the pipe of RFC 6675.",
                            OfState("BytesInFlight"),
                            "ns3::TracedValueCallback::Uint32")
            .AddTraceSource("RTT",
                            "Smoothed round-trip time of the subflow (RFC 6298).",
                            OfState("RTT"),
                            "ns3::TracedValueCallback::Time")
            .AddTraceSource("RTO",
                            "Retransmission time-out of the subflow, back-off included "
                            "(RFC 6298).",
                            MakeTraceSourceAccessor(&MptcpSubflow::m_rtoTrace),
                            "ns3::TracedValueCallback::Time")
            .AddTraceSource("State",
                            "State of the subflow's TCP (RFC 9293 section 3.3.2).",
                            MakeTraceSourceAccessor(&MptcpSubflow::m_stateTrace),
                            "ns3::TcpStatesTracedValueCallback")
            .AddTraceSource("CongState",
                            "State of the subflow's congestion control: open, disorder, recovery "
                            "or loss.",
                            OfState("CongState"),
                            "ns3::TracedValueCallback::TcpCongState")
            .AddTraceSource("Tx",
                            "A segment leaves: payload, TCP header, subflow.",
                            MakeTraceSourceAccessor(&MptcpSubflow::m_txTrace),
                            "ns3::MptcpSubflow::TxRxTracedCallback")
            .AddTraceSource("Rx",
                            "A segment has arrived and is about to be processed: payload, TCP "
                            "header, subflow.",
                            MakeTraceSourceAccessor(&MptcpSubflow::m_rxTrace),
                            "ns3::MptcpSubflow::TxRxTracedCallback");
    return tid;
}

} // namespace ns3
