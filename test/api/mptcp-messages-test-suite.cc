// SPDX-License-Identifier: GPL-2.0-only
// recvmsg(), sendmsg() and poll(): events as ancillary data (draft-hesmans-mptcp-socket-03,
// section 4 and its future work; RFC 6458 is the model).
#include "socket-api-net.h"
#include "test-rig.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <poll.h>
#include <sys/mman.h>
#include <sys/uio.h>

namespace ns3
{

namespace
{

constexpr short READABLE = POLLIN | POLLRDNORM;  //!< bits of poll()
constexpr short WRITABLE = POLLOUT | POLLWRNORM; //!< bits of poll()

/// What one call of recvmsg() gave.
struct Message
{
    int64_t result{0};               //!< bytes, or -1
    int error{0};                    //!< errno after a failure
    int flags{0};                    //!< msg_flags
    std::vector<uint8_t> data;       //!< bytes
    std::vector<mptcp_event> events; //!< of the control messages
    size_t control{0};               //!< msg_controllen
    bool wellFormed{true};           //!< each control message is an event of the length it says
};

/// Call recvmsg(). @param socket whose @param room bytes of data @param control bytes of control
/// messages @param flags its @return what it gave
Message
Receive(Ptr<MptcpSocket> socket, size_t room, size_t control, int flags = 0)
{
    Message got;
    got.data.resize(room);
    std::vector<uint64_t> words(control / 8 + 1);
    // Two pieces, so that the bytes are scattered.
    iovec pieces[] = {{got.data.data(), room / 3}, {got.data.data() + room / 3, room - room / 3}};
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = 2;
    message.msg_control = control > 0 ? words.data() : nullptr;
    message.msg_controllen = control;
    got.result = socket->RecvMsg(&message, flags);
    got.error = got.result < 0 ? socket->GetOptErrno() : 0;
    got.flags = message.msg_flags;
    got.data.resize(std::max<int64_t>(got.result, 0));
    if (got.result >= 0 || got.error == ENOMSG)
    {
        got.control = message.msg_controllen;
        for (cmsghdr* head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head))
        {
            mptcp_event event{};
            const size_t size = head->cmsg_len - CMSG_LEN(0);
            got.wellFormed &= head->cmsg_level == IPPROTO_TCP &&
                              head->cmsg_type == MPTCP_SCM_EVENT && size <= sizeof(event);
            std::memcpy(&event, CMSG_DATA(head), std::min(size, sizeof(event)));
            got.wellFormed &= event.header.length == size;
            got.events.push_back(event);
        }
    }
    return got;
}

/// Call sendmsg() with two pieces. @param socket whose @param bytes to send @return its result
Call
Transmit(Ptr<MptcpSocket> socket, const std::vector<uint8_t>& bytes)
{
    auto* data = const_cast<uint8_t*>(bytes.data());
    const size_t first = bytes.size() / 2;
    iovec pieces[] = {{data, first}, {nullptr, 0}, {data + first, bytes.size() - first}};
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = 3;
    Call call;
    call.result = static_cast<int>(socket->SendMsg(&message, MSG_NOSIGNAL));
    call.error = call.result < 0 ? socket->GetOptErrno() : 0;
    return call;
}

/// @param size of a text @return bytes that depend on their place
std::vector<uint8_t>
MakeBytes(size_t size)
{
    std::vector<uint8_t> bytes(size);
    for (size_t i = 0; i < size; i++)
    {
        bytes[i] = static_cast<uint8_t>(i * 31 + i / 256);
    }
    return bytes;
}

/// Nobody reads but the test. @param socket whose
void
LeaveUnread(Ptr<MptcpSocket> socket)
{
    socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
}

/// Events.
void
AddEventMessages(ScenarioTestSuite& suite)
{
    suite.Add("4: recvmsg() has events in order as ancillary data, beside bytes of the stream",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  SubscribeAll(net.client);
                  net.Connect();
                  LeaveUnread(net.client);
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  const auto sent = MakeBytes(3000);
                  test.ExpectEqual(Transmit(net.server, sent).result, 3000, "sent");
                  net.Run(MilliSeconds(200));
                  const Message peeked = Receive(net.client, 100, 500, MSG_PEEK);
                  test.ExpectEqual(peeked.result, 100, "peeked bytes");
                  test.ExpectEqual(peeked.events.size(), 2U, "peeked events");
                  const Message got = Receive(net.client, 5000, 500);
                  test.ExpectEqual(got.result, 3000, "bytes, all again");
                  test.Expect(got.data == sent, "the bytes in order");
                  test.Expect((got.flags & MPTCP_MSG_EVENT) != 0, "the message flag");
                  test.Expect(got.wellFormed, "well-formed control messages");
                  test.Expect(got.events.size() == 2 &&
                                  got.events[0].header.type == MPTCP_EVENT_SUB_CREATED &&
                                  got.events[0].subflow.id == 1 &&
                                  got.events[1].header.type == MPTCP_EVENT_SUB_CREATED &&
                                  got.events[1].subflow.id == 2,
                              "both creations in order");
                  test.ExpectEqual(got.control, 2 * CMSG_SPACE(16), "bytes of control messages");
                  const Message none = Receive(net.client, 100, 500);
                  test.ExpectEqual(none.error, EAGAIN, "nothing is left");
              });
    suite.Add(
        "4: an event without data is no end of file: ENOMSG, a message flag, POLLPRI, never 0",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            SubscribeAll(net.client);
            net.Connect();
            LeaveUnread(net.client);
            test.ExpectEqual(net.client->GetPollEvents(), WRITABLE | POLLPRI, "poll");
            Message got = Receive(net.client, 100, 100);
            test.ExpectEqual(got.result, -1, "no bytes");
            test.ExpectEqual(got.error, ENOMSG, "but an event");
            test.Expect(got.flags == MPTCP_MSG_EVENT && got.events.size() == 1, "it");
            test.ExpectEqual(net.client->GetPollEvents(), WRITABLE, "poll afterwards");
            test.ExpectEqual(Receive(net.client, 100, 100).error, EAGAIN, "and then nothing");
            // The peer ends, and an event comes too.
            net.client->SetSubflowPriority(1, true);
            net.server->ShutdownSend();
            net.Run(MilliSeconds(200));
            test.ExpectEqual(net.client->GetPollEvents(),
                             READABLE | WRITABLE | POLLRDHUP | POLLPRI,
                             "poll at the end");
            got = Receive(net.client, 100, 100);
            test.Expect(got.error == ENOMSG && got.events.size() == 1, "the event first");
            got = Receive(net.client, 100, 100);
            test.Expect(got.result == 0 && got.flags == 0 && got.control == 0, "then the end");
            test.ExpectEqual(Receive(net.client, 100, 0).result, 0, "and again");
        });
    suite.Add("4: events for which a message has no room wait on, and MSG_CTRUNC tells",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  SubscribeAll(net.client);
                  net.Connect();
                  LeaveUnread(net.client);
                  net.client->SetSubflowPriority(1, true);
                  net.client->SetSubflowPriority(1, false);
                  Message got = Receive(net.client, 100, CMSG_LEN(16) - 1);
                  test.ExpectEqual(got.error, EAGAIN, "no room for the first");
                  Transmit(net.server, MakeBytes(10));
                  net.Run(MilliSeconds(50));
                  got = Receive(net.client, 4, CMSG_LEN(16) - 1);
                  test.Expect(got.result == 4 && got.flags == MSG_CTRUNC && got.events.empty(),
                              "bytes, and that there are events");
                  got = Receive(net.client, 0, CMSG_SPACE(16) + CMSG_LEN(12));
                  test.Expect(got.error == ENOMSG && got.events.size() == 2 && got.wellFormed &&
                                  got.flags == (MPTCP_MSG_EVENT | MSG_CTRUNC),
                              "room for two, the last without padding");
                  got = Receive(net.client, 100, 100);
                  test.Expect(got.result == 6 && got.events.size() == 1 &&
                                  got.events[0].prio.low_prio == 0 && got.flags == MPTCP_MSG_EVENT,
                              "the third with the other bytes");
                  test.ExpectEqual(Receive(net.client, 100, 100).error, EAGAIN, "no more");
              });
    suite.Add("4: a queue that overflowed says so in a message too",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, {{"EventQueueLimit", "2"}});
                  SubscribeAll(net.client);
                  net.Connect();
                  net.client->SetSubflowPriority(1, true);
                  net.client->SetSubflowPriority(1, false);
                  const Message got = Receive(net.client, 0, 500);
                  test.Expect(got.events.size() == 2 &&
                                  got.events[0].header.flags == MPTCP_EVENT_OVERFLOW &&
                                  got.events[1].header.flags == 0 &&
                                  got.events[0].header.type == MPTCP_EVENT_SUB_PRIO,
                              "the first that is left has the flag");
              });
    suite.Add("4: a subscription made on the listener holds for what it accepts",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  const mptcp_event_subscription created{MPTCP_EVENT_SUB_CREATED, 1};
                  SetOption(net.listener, MPTCP_EVENT_SUBSCRIPTION, &created, sizeof(created));
                  net.Connect();
                  Message got = Receive(net.server, 0, 500);
                  test.Expect(got.events.size() == 1 &&
                                  got.events[0].subflow.opened_by == MPTCP_BY_PEER,
                              "the first subflow");
                  net.server->SetSubflowPriority(1, true);
                  test.ExpectEqual(Receive(net.server, 1, 500).error, EAGAIN, "that kind alone");
                  test.ExpectEqual(net.listener->GetPollEvents(), 0, "the listener has none");
              });
}

/// Bytes.
void
AddByteMessages(ScenarioTestSuite& suite)
{
    suite.Add("sendmsg() and recvmsg() move every byte, as many as there is room for",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, {{"SndBufSize", "20000"}, {"RcvBufSize", "20000"}});
                  net.Connect();
                  LeaveUnread(net.server);
                  const auto sent = MakeBytes(200000);
                  std::vector<uint8_t> received;
                  size_t at = 0;
                  bool partly = false;
                  bool full = false;
                  for (uint32_t step = 0; step < 2000 && received.size() < sent.size(); step++)
                  {
                      if (at < sent.size())
                      {
                          const Call call = Transmit(net.client, {sent.begin() + at, sent.end()});
                          full |= call.error == EAGAIN;
                          partly |= call.result > 0 && at + call.result < sent.size();
                          test.Expect(call.result > 0 || call.error == EAGAIN, "send");
                          test.ExpectEqual((net.client->GetPollEvents() & POLLOUT) != 0,
                                           net.client->GetTxAvailable() > 0,
                                           "POLLOUT is room");
                          at += std::max(call.result, 0);
                      }
                      net.Run(MilliSeconds(5));
                      test.ExpectEqual((net.server->GetPollEvents() & POLLIN) != 0,
                                       net.server->GetRxAvailable() > 0,
                                       "POLLIN is bytes");
                      const Message got = Receive(net.server, 1 + step * 37 % 4000, 0);
                      received.insert(received.end(), got.data.begin(), got.data.end());
                      test.Expect(got.result > 0 || got.error == EAGAIN, "receive");
                  }
                  test.Expect(received == sent, "every byte, in order");
                  test.Expect(partly && full, "the buffer was full at times");
              });
    suite.Add("memory that is not there costs no byte and no event: EFAULT",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  SubscribeAll(net.client);
                  net.Connect();
                  LeaveUnread(net.client);
                  Transmit(net.server, MakeBytes(10));
                  net.Run(MilliSeconds(50));
                  void* unmapped =
                      mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                  uint8_t bytes[100];
                  const auto receive = [&](void* data, void* control)
                  {
                      iovec piece{data, 100};
                      msghdr message{};
                      message.msg_iov = &piece;
                      message.msg_iovlen = 1;
                      message.msg_control = control;
                      message.msg_controllen = sizeof(bytes);
                      const auto result = net.client->RecvMsg(&message, 0);
                      return result < 0 ? -net.client->GetOptErrno() : result;
                  };
                  test.ExpectEqual(receive(unmapped, bytes), -EFAULT, "bytes");
                  test.ExpectEqual(receive(bytes, unmapped), -EFAULT, "control messages");
                  test.ExpectEqual(net.client->RecvMsg(nullptr, 0), -1, "the message");
                  test.ExpectEqual(
                      net.client->RecvMsg(static_cast<msghdr*>(unmapped), 0), -1, "the message");
                  test.ExpectEqual(net.client->GetOptErrno(), EFAULT, "its errno");
                  msghdr message{};
                  message.msg_iovlen = 5;
                  test.ExpectEqual(net.client->SendMsg(&message, 0), -1, "no pieces");
                  test.ExpectEqual(net.client->GetOptErrno(), EFAULT, "its errno");
                  message.msg_iovlen = 1025;
                  test.ExpectEqual(net.client->SendMsg(&message, 0), -1, "too many pieces");
                  test.ExpectEqual(net.client->GetOptErrno(), EMSGSIZE, "its errno");
                  const Message got = Receive(net.client, 100, 100);
                  test.Expect(got.result == 10 && got.events.size() == 1, "all is there");
                  munmap(unmapped, 4096);
              });
    suite.Add("poll(), recvmsg() and sendmsg() from the first to the last state, as Linux",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  test.ExpectEqual(net.client->GetPollEvents(), WRITABLE | POLLHUP, "unconnected");
                  test.ExpectEqual(Receive(net.client, 1, 0).error, ENOTCONN, "recvmsg()");
                  test.ExpectEqual(Transmit(net.client, {1}).error, ENOTCONN, "sendmsg()");
                  net.links[1]->SetSilent(true);
                  net.Connect();
                  test.ExpectEqual(net.client->GetPollEvents(), 0, "connecting");
                  test.ExpectEqual(Receive(net.client, 1, 0).error, EAGAIN, "recvmsg()");
                  test.ExpectEqual(Transmit(net.client, {1}).error, EAGAIN, "sendmsg()");
                  net.links[1]->SetSilent(false);
                  net.Run(Seconds(3));
                  LeaveUnread(net.server);
                  test.ExpectEqual(net.client->GetPollEvents(), WRITABLE, "connected");
                  test.ExpectEqual(Transmit(net.client, {1, 2}).result, 2, "sendmsg()");
                  net.client->ShutdownSend();
                  net.Run(MilliSeconds(100));
                  test.ExpectEqual(Transmit(net.client, {1}).error, EPIPE, "after shutdown()");
                  test.ExpectEqual(net.server->GetPollEvents(),
                                   READABLE | WRITABLE | POLLRDHUP,
                                   "the peer's end");
                  test.ExpectEqual(Receive(net.server, 10, 0).result, 2, "recvmsg()");
                  test.ExpectEqual(Receive(net.server, 10, 0).result, 0, "its end");
                  test.ExpectEqual(Transmit(net.server, {1}).result, 1, "the other way is open");
                  net.server->ShutdownSend();
                  net.Run(MilliSeconds(500));
                  test.ExpectEqual(net.client->GetPollEvents(),
                                   READABLE | WRITABLE | POLLRDHUP | POLLHUP,
                                   "both directions have ended");
                  test.ExpectEqual(net.client->TakeError(), 0, "without error");
              });
    suite.Add("the error of a connection is told once, by POLLERR and SO_ERROR or the next call",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  net.server->GetConnection()->Abort();
                  net.Run(MilliSeconds(100));
                  test.ExpectEqual(net.client->GetPollEvents(),
                                   READABLE | WRITABLE | POLLRDHUP | POLLHUP | POLLERR,
                                   "poll");
                  test.ExpectEqual(Receive(net.client, 10, 0).error, ECONNRESET, "recvmsg()");
                  test.ExpectEqual(Receive(net.client, 10, 0).result, 0, "and then");
                  test.ExpectEqual(Transmit(net.client, {1}).error, EPIPE, "sendmsg()");
                  SocketApiNet other;
                  other.client->Connect(other.At(1, false, 9));
                  other.Run(Seconds(1));
                  test.Expect((other.client->GetPollEvents() & POLLERR) != 0, "refused");
                  test.ExpectEqual(other.client->TakeError(), ECONNREFUSED, "the error");
                  test.ExpectEqual(other.client->TakeError(), 0, "once");
              });
    suite.Add("what recvmsg() and sendmsg() do not know is refused",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  test.ExpectEqual(Receive(net.client, 1, 0, MSG_OOB).error, EOPNOTSUPP, "MSG_OOB");
                  msghdr message{};
                  test.ExpectEqual(net.client->SendMsg(&message, MSG_OOB), -1, "MSG_OOB");
                  test.ExpectEqual(net.client->GetOptErrno(), EOPNOTSUPP, "its errno");
                  test.ExpectEqual(net.client->SendMsg(&message, 0), 0, "nothing to send");
                  uint64_t control = 0;
                  message.msg_control = &control;
                  message.msg_controllen = sizeof(control);
                  test.ExpectEqual(net.client->SendMsg(&message, 0), -1, "control messages");
                  test.ExpectEqual(net.client->GetOptErrno(), EINVAL, "its errno");
              });
}

/// The suite.
class MptcpMessagesTestSuite : public ScenarioTestSuite
{
  public:
    MptcpMessagesTestSuite()
        : ScenarioTestSuite("mptcp-messages")
    {
        AddEventMessages(*this);
        AddByteMessages(*this);
    }
} g_mptcpMessagesTestSuite; //!< registers itself

} // namespace

} // namespace ns3
