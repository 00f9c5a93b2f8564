// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_CONTROL_FILE_H
#define POSIX_CONTROL_FILE_H

#include "posix-file.h"

#include "ns3/mptcp-control-port.h"

#include <memory>

namespace ns3
{

class PosixProcess;

/**
 * @ingroup mptcp
 * What a daemon gets by socket(MPTCP_PF_CONTROL, SOCK_DGRAM, 0): the controller of its node
 * (mptcp-control.h).
 */
class PosixControlFile : public PosixFile
{
  public:
    /**
     * @param process whose
     * @param type SOCK_DGRAM
     * @param protocol 0
     * @param result is filled
     * @return 0 or the negative of an errno: EPERM for a program without privilege, as netlink
     * has it for what manages paths
     */
    static long
    Open(PosixProcess& process, int type, int protocol, std::shared_ptr<PosixFile>& result);

    /// @param process whose @param controller of its node
    PosixControlFile(PosixProcess& process, Ptr<MptcpController> controller);

    long Send(PosixMessage& message, int flags) override;
    long Receive(PosixMessage& message, int flags) override;
    short Poll() const override;
    void Close(bool orderly) override;

    bool IsSocket() const override
    {
        return true;
    }

  private:
    PosixProcess& m_process;                  //!< whose
    std::unique_ptr<MptcpControlPort> m_port; //!< the controller's
};

} // namespace ns3

#endif // POSIX_CONTROL_FILE_H
