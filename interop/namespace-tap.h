// SPDX-License-Identifier: GPL-2.0-only
#ifndef NAMESPACE_TAP_H
#define NAMESPACE_TAP_H

#include "ns3/fd-net-device.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

namespace ns3
{

/// End the program: the kernel's side is not as it must be. @param what was being done
[[noreturn]] inline void
FailOnKernel(const std::string& what)
{
    std::cerr << what << ": " << std::strerror(errno) << std::endl;
    std::exit(1);
}

/**
 * Open a tap device of another network namespace.
 * @param netns name of the namespace
 * @param name of the device
 * @return file descriptor
 */
inline int
OpenTap(const std::string& netns, const std::string& name)
{
    const int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    const int away = open(("/var/run/netns/" + netns).c_str(), O_RDONLY | O_CLOEXEC);
    if (home < 0 || away < 0 || setns(away, CLONE_NEWNET) != 0)
    {
        FailOnKernel("entering the network namespace " + netns);
    }
    const int tap = open("/dev/net/tun", O_RDWR);
    ifreq request{};
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    std::strncpy(request.ifr_name, name.c_str(), IFNAMSIZ - 1);
    // Without offloads: each segment arrives as it would be on a wire, its checksum filled in.
    if (tap < 0 || ioctl(tap, TUNSETIFF, &request) != 0 || ioctl(tap, TUNSETOFFLOAD, 0) != 0)
    {
        FailOnKernel("opening the tap device " + name);
    }
    if (setns(home, CLONE_NEWNET) != 0)
    {
        FailOnKernel("leaving the network namespace " + netns);
    }
    close(home);
    close(away);
    return tap;
}

/**
 * Give a node a device whose other end is a tap device of another network namespace.
 * @param node that gets it
 * @param netns name of the namespace
 * @param name of the tap device
 * @return the device
 */
inline Ptr<FdNetDevice>
AddTap(Ptr<Node> node, const std::string& netns, const std::string& name)
{
    Ptr<FdNetDevice> device = CreateObject<FdNetDevice>();
    device->SetAddress(Mac48Address::Allocate());
    device->SetEncapsulationMode(FdNetDevice::DIX);
    device->SetFileDescriptor(OpenTap(netns, name));
    node->AddDevice(device);
    return device;
}

} // namespace ns3

#endif // NAMESPACE_TAP_H
