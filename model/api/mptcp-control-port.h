// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_CONTROL_PORT_H
#define MPTCP_CONTROL_PORT_H

#include "mptcp-controller.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

struct mptcp_control_header;

namespace ns3
{

/**
 * @ingroup mptcp
 * A MptcpController for those who have bytes: what a program gets as the descriptor of
 * mptcp-control.h. Nothing here waits; EAGAIN says that a call on a blocking descriptor would.
 */
class MptcpControlPort
{
  public:
    /// @param controller of the node
    explicit MptcpControlPort(Ptr<MptcpController> controller);
    ~MptcpControlPort();
    MptcpControlPort(const MptcpControlPort&) = delete;
    MptcpControlPort& operator=(const MptcpControlPort&) = delete;

    /**
     * A request. What is wrong with what it asks for is told by its answer.
     * @param request a structure of mptcp-control.h
     * @param size its bytes
     * @return size, or -1 with GetErrno(): EFAULT, EINVAL for what is no request
     */
    int64_t Send(const void* request, size_t size);
    /**
     * The oldest message. As with datagrams, what there is no room for is lost.
     * @param message where to
     * @param size bytes there
     * @param peek leave it in place (MSG_PEEK)
     * @return bytes, or -1 with GetErrno(): EAGAIN, EFAULT
     */
    int64_t Recv(void* message, size_t size, bool peek = false);
    /// @return what poll() would tell
    short GetPollEvents() const;
    /// @return why the last call failed
    int GetErrno() const;
    /// @param callback is called when there is a message to read
    void SetReadyCallback(std::function<void()> callback);

  private:
    /// A message, ready to be read.
    struct Message
    {
        std::vector<uint8_t> bytes; //!< a structure of mptcp-control.h
        bool event{false};          //!< may be lost
    };

    /// @param event that happened
    void OnEvent(const MptcpControlEvent& event);
    /// Do what a request asks for. @param head of it @param bytes all of it @return an errno that
    /// its answer tells; -1: it is none
    int Handle(const mptcp_control_header& head, const std::vector<uint8_t>& bytes, uint8_t& id);
    /// @param head of the request @return an errno
    int AnswerConnections(const mptcp_control_header& head);
    /// @param head of the request @return an errno
    int AnswerSubflows(const mptcp_control_header& head);
    /// @tparam T structure of a message @param message it, but for type, flags and length
    /// @param type of it @param event whether it is one
    template <typename T>
    void Push(T message, uint16_t type, bool event = false);
    /// @param bytes of a message @param event whether it may be lost
    void Enqueue(std::vector<uint8_t> bytes, bool event);
    /// @param error an errno @return -1
    int64_t Fail(int error);

    Ptr<MptcpController> m_controller; //!< of the node
    uint32_t m_callback;               //!< there
    bool m_subscribed{false};          //!< to events
    std::deque<Message> m_messages;    //!< the oldest first
    size_t m_events{0};                //!< events among them
    bool m_overflow{false};            //!< events were lost since the last one
    int m_errno{0};                    //!< see GetErrno()
    std::function<void()> m_ready;     //!< there is a message
};

} // namespace ns3

#endif // MPTCP_CONTROL_PORT_H
