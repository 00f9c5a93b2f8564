// SPDX-License-Identifier: GPL-2.0-only
#ifndef SOCKET_NET_H
#define SOCKET_NET_H

#include "test-rig.h"

#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/mptcp-socket.h"

#include <functional>

namespace ns3
{

/// A client and a server with the module and its socket factory.
struct SocketNet
{
    static constexpr uint16_t PORT = 5000; //!< of servers

    TestRig rig; //!< the network

    /// @param ipv6 which family @param paths of the client @param helper installs
    explicit SocketNet(bool ipv6 = false,
                       uint32_t paths = 1,
                       const MptcpHelper& helper = MptcpHelper())
        : rig(MakeOptions(ipv6, paths))
    {
        helper.Install(rig.GetClient());
        helper.Install(rig.GetServer());
    }

    /// @return a new socket of the client
    Ptr<MptcpSocket> ClientSocket() const
    {
        return DynamicCast<MptcpSocket>(
            Socket::CreateSocket(rig.GetClient(), MptcpSocketFactory::GetTypeId()));
    }

    /// @return a new socket of the server
    Ptr<MptcpSocket> ServerSocket() const
    {
        return DynamicCast<MptcpSocket>(
            Socket::CreateSocket(rig.GetServer(), MptcpSocketFactory::GetTypeId()));
    }

    /// @return address and port of the server
    Address Server() const
    {
        return rig.GetServerAddress(0, PORT);
    }

  private:
    /// @param ipv6 which family @param paths of the client @return options of the rig
    static RigOptions MakeOptions(bool ipv6, uint32_t paths)
    {
        RigOptions options;
        options.ipv6 = ipv6;
        options.paths.resize(paths);
        return options;
    }
};

/// What a socket has told.
struct Told
{
    bool connected{false};    //!< connection succeeded
    bool failed{false};       //!< connection failed
    uint32_t normalCloses{0}; //!< closed normally
    uint32_t errorCloses{0};  //!< closed by an error
    uint32_t dataRecv{0};     //!< there is data
    uint32_t sendRoom{0};     //!< there is room
    uint64_t dataSent{0};     //!< bytes sent
    Time when;                //!< last of connected, failed and closes

    /// @param socket to listen to
    void Listen(Ptr<Socket> socket)
    {
        socket->SetConnectCallback(Make([this] { connected = true; }),
                                   Make([this] { failed = true; }));
        socket->SetCloseCallbacks(Make([this] { normalCloses++; }),
                                  Make([this] { errorCloses++; }));
        std::function<void(Ptr<Socket>)> recv = [this](Ptr<Socket>) { dataRecv++; };
        socket->SetRecvCallback(Callback<void, Ptr<Socket>>(recv));
        std::function<void(Ptr<Socket>, uint32_t)> room = [this](Ptr<Socket>, uint32_t)
        { sendRoom++; };
        socket->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>(room));
        std::function<void(Ptr<Socket>, uint32_t)> sent = [this](Ptr<Socket>, uint32_t bytes)
        { dataSent += bytes; };
        socket->SetDataSentCallback(Callback<void, Ptr<Socket>, uint32_t>(sent));
    }

  private:
    /// @param what to do @return a callback that does it and notes the time
    Callback<void, Ptr<Socket>> Make(std::function<void()> what)
    {
        std::function<void(Ptr<Socket>)> all = [this, what](Ptr<Socket>)
        {
            when = Simulator::Now();
            what();
        };
        return Callback<void, Ptr<Socket>>(all);
    }
};

/// @param what for each accepted socket @return a callback
inline Callback<void, Ptr<Socket>, const Address&>
OnAccepted(std::function<void(Ptr<Socket>)> what)
{
    std::function<void(Ptr<Socket>, const Address&)> all = [what](Ptr<Socket> socket,
                                                                  const Address&) { what(socket); };
    return Callback<void, Ptr<Socket>, const Address&>(all);
}

/// @return no condition for accepting
inline Callback<bool, Ptr<Socket>, const Address&>
AcceptAll()
{
    return MakeNullCallback<bool, Ptr<Socket>, const Address&>();
}

} // namespace ns3

#endif // SOCKET_NET_H
