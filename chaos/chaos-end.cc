// SPDX-License-Identifier: GPL-2.0-only
#include "chaos-end.h"

#include "ns3/mptcp-api.h"
#include "ns3/mptcp-connection.h"
#include "ns3/mptcp-socket.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <sys/socket.h>

namespace ns3
{

ChaosEnd::ChaosEnd(Ptr<Socket> socket, const ChaosEndPlan& plan, uint32_t number)
    : m_socket(socket),
      m_plan(plan),
      m_sending(number),
      m_expected(number ^ 1),
      m_patience(Simulator::Schedule(Seconds(PATIENCE_S), &ChaosEnd::GiveUp, this))
{
    socket->SetConnectCallback(MakeCallback(&ChaosEnd::OnConnected, this),
                               MakeCallback(&ChaosEnd::OnFailed, this));
    socket->SetCloseCallbacks(MakeCallback(&ChaosEnd::OnClosed, this),
                              MakeCallback(&ChaosEnd::OnFailed, this));
    socket->SetRecvCallback(MakeCallback(&ChaosEnd::OnReadable, this));
    socket->SetSendCallback(MakeCallback(&ChaosEnd::OnRoom, this));
}

ChaosEnd::~ChaosEnd()
{
    m_patience.Cancel();
    m_closing.Cancel();
    m_socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                                 MakeNullCallback<void, Ptr<Socket>>());
    m_socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                                MakeNullCallback<void, Ptr<Socket>>());
    m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    m_socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
}

void
ChaosEnd::Connect(const Address& to)
{
    if (m_fate.closed)
    {
        return; // before it has begun
    }
    if (m_socket->Connect(to) != 0)
    {
        OnFailed(m_socket);
    }
}

void
ChaosEnd::Begin()
{
    m_fate.connected = true;
    Write();
    OnReadable(m_socket);
}

void
ChaosEnd::Do(const ChaosEvent& event)
{
    switch (event.action)
    {
    case ChaosAction::STOP_WRITER:
        m_writeStops++;
        Simulator::Schedule(event.span,
                            [this]
                            {
                                m_writeStops--;
                                Write();
                            });
        break;
    case ChaosAction::STOP_READER:
        m_readStops++;
        Simulator::Schedule(event.span,
                            [this]
                            {
                                m_readStops--;
                                OnReadable(m_socket);
                            });
        break;
    case ChaosAction::SHUTDOWN:
        if (!m_fate.closed && m_fate.connected)
        {
            m_shutdown = true;
            m_socket->ShutdownSend();
            EndIfDone();
        }
        break;
    case ChaosAction::CLOSE:
        Close();
        break;
    case ChaosAction::RESET:
        if (!m_fate.closed)
        {
            m_fate.aborted = true;
            m_socket->SetAttribute("Linger", TimeValue(Time(0)));
            Close();
        }
        break;
    case ChaosAction::CLOSE_SUBFLOW:
    case ChaosAction::SET_PRIORITY:
        DoToSubflow(event);
        break;
    default:
        break; // not an end's
    }
}

void
ChaosEnd::DoToSubflow(const ChaosEvent& event)
{
    const auto own = DynamicCast<MptcpSocket>(m_socket);
    const auto ids = own->GetSubflowIds();
    if (ids.empty())
    {
        return;
    }
    const uint8_t id = ids[event.pick % ids.size()];
    if (event.action == ChaosAction::SET_PRIORITY)
    {
        own->SetSubflowPriority(id, event.value == "backup");
        return;
    }
    own->CloseSubflow(id,
                      event.value == "RST"       ? MPTCP_SHUT_RST
                      : event.value == "FIN"     ? SHUT_WR
                      : event.value == "MP_PRIO" ? SHUT_RD
                                                 : SHUT_RDWR);
}

void
ChaosEnd::OnConnected(Ptr<Socket>)
{
    Begin();
}

void
ChaosEnd::OnFailed(Ptr<Socket> socket)
{
    m_fate.failed = true;
    Note();
    if (const auto own = DynamicCast<MptcpSocket>(m_socket); own && own->GetConnection())
    {
        m_fate.error = own->GetConnection()->GetErrno();
    }
    // What had arrived can still be read.
    OnReadable(socket);
    if (m_readStops == 0)
    {
        Close();
    }
}

void
ChaosEnd::OnClosed(Ptr<Socket> socket)
{
    OnReadable(socket);
    // TcpSocketBase tells the end of data by Recv() in CLOSE_WAIT only.
    if (m_plan.stock && !m_fate.closed && !m_fate.atEnd)
    {
        Take(Create<Packet>());
    }
}

void
ChaosEnd::OnReadable(Ptr<Socket>)
{
    while (m_readStops == 0 && !m_fate.atEnd && !m_fate.closed)
    {
        auto packet = m_socket->Recv(m_plan.readSize, 0);
        if (!packet)
        {
            break;
        }
        Take(packet);
    }
    if (m_fate.failed && m_readStops == 0)
    {
        Close();
    }
}

void
ChaosEnd::OnRoom(Ptr<Socket>, uint32_t)
{
    Write();
}

void
ChaosEnd::Take(Ptr<Packet> packet)
{
    const uint32_t size = packet->GetSize();
    if (size == 0)
    {
        m_fate.atEnd = true;
        EndIfDone();
        return;
    }
    std::vector<uint8_t> bytes(size);
    packet->CopyData(bytes.data(), size);
    if (m_fate.wrong.empty())
    {
        if (const auto wrong = m_expected.FindWrong(m_fate.received, bytes.data(), size))
        {
            m_fate.wrong = "read a wrong byte at offset " + std::to_string(*wrong);
        }
    }
    m_fate.received += size;
}

void
ChaosEnd::Write()
{
    if (m_writing || m_writeStops > 0 || m_shutdown || m_fate.closed || !m_fate.connected)
    {
        return;
    }
    m_writing = true; // Send() may call back
    while (m_fate.sent < m_plan.bytes && m_writeStops == 0)
    {
        const uint64_t room = m_socket->GetTxAvailable();
        const uint32_t size =
            std::min<uint64_t>({room, m_plan.writeSize, m_plan.bytes - m_fate.sent});
        const int taken = size > 0 ? m_socket->Send(m_sending.Make(m_fate.sent, size), 0) : 0;
        if (taken <= 0)
        {
            break;
        }
        m_fate.sent += taken;
    }
    m_writing = false;
    EndIfDone();
}

void
ChaosEnd::EndIfDone()
{
    using Ending = ChaosEndPlan::Ending;
    const bool all = m_shutdown || m_fate.sent == m_plan.bytes;
    if (!all || m_fate.closed || !m_fate.connected)
    {
        return;
    }
    if (m_fate.atEnd)
    {
        if (m_plan.stock)
        {
            // Told to close in a callback, it does not repeat its FIN.
            if (m_closing.IsExpired())
            {
                m_closing = Simulator::ScheduleNow(&ChaosEnd::CloseWhenAcked, this);
            }
        }
        else
        {
            Close();
        }
    }
    else if (m_plan.ending == Ending::CLOSE_FIRST)
    {
        Close();
    }
    else if (m_plan.ending == Ending::SHUTDOWN_FIRST && !m_shutdown)
    {
        m_shutdown = true;
        m_socket->ShutdownSend();
    }
}

void
ChaosEnd::Note()
{
    if (const auto own = DynamicCast<MptcpSocket>(m_socket); own && own->GetConnection())
    {
        const auto progress = own->GetConnection()->GetDataProgress();
        m_fate.multipath = own->GetConnection()->IsMultipath();
        m_fate.confirmed = progress.acked > 0 || progress.received > 0;
    }
}

void
ChaosEnd::Close()
{
    if (m_fate.closed)
    {
        return;
    }
    if (!m_fate.failed)
    {
        Note();
    }
    m_fate.closed = true;
    m_fate.early = !m_fate.atEnd && !m_fate.failed;
    m_fate.aborted |= m_fate.early && m_socket->GetRxAvailable() > 0;
    m_patience.Cancel();
    m_socket->Close();
}

void
ChaosEnd::CloseWhenAcked()
{
    UintegerValue size;
    m_socket->GetAttribute("SndBufSize", size);
    if (m_shutdown)
    {
        // Both have ended. Close() would reset it in CLOSING, and do nothing otherwise.
        m_fate.closed = true;
        m_patience.Cancel();
    }
    else if (m_socket->GetTxAvailable() == size.Get())
    {
        Close();
    }
    else
    {
        m_closing = Simulator::Schedule(MilliSeconds(100), &ChaosEnd::CloseWhenAcked, this);
    }
}

void
ChaosEnd::GiveUp()
{
    m_fate.gaveUp = true;
    m_readStops++; // it has no interest any more
    Close();
}

} // namespace ns3
