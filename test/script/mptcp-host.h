/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MPTCP_HOST_H
#define MPTCP_HOST_H

/*
 * One simulated host for an engine that is no part of the simulation: socket calls, raw IP packets
 * in and out, and a virtual clock. The packet scripts of test/script and the fuzz targets of
 * test/fuzz stand on it; any other script engine can.
 *
 * Nothing blocks and nothing happens by itself: time passes in mptcp_host_advance() alone. Calls
 * return a negative errno where POSIX returns -1. A process has one host at a time.
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C"
{
#endif

    struct mptcp_host;

    /* A packet that left the host. */
    struct mptcp_host_packet
    {
        int64_t time;  /* when, in nanoseconds */
        int interface; /* by which one: what mptcp_host_add_interface() returned */
        size_t size;   /* bytes of the packet, also where the buffer was smaller */
    };

    /* At time 0. NULL while another one exists. */
    struct mptcp_host* mptcp_host_create(void);
    void mptcp_host_destroy(struct mptcp_host* host);

    /*
     * Give the host a raw network device with a default route. The first one's is preferred.
     * address: IPv4 or IPv6, as text. mtu: in bytes. Returns the interface, from 0, or -EINVAL.
     */
    int mptcp_host_add_interface(struct mptcp_host* host, const char* address, unsigned mtu);
    /* Take an address from its interface. 0, or -EADDRNOTAVAIL. */
    int mptcp_host_remove_address(struct mptcp_host* host, const char* address);

    /*
     * An attribute of the sockets made from now on, as "Checksum", or the default of a class, as
     * "ns3::MptcpFullMesh::MaxSubflows". 0, or -EINVAL.
     */
    int mptcp_host_set(struct mptcp_host* host, const char* name, const char* value);

    /* protocol: IPPROTO_MPTCP, or IPPROTO_TCP for plain TCP over the same transport. */
    int mptcp_host_socket(struct mptcp_host* host, int protocol);
    int
    mptcp_host_bind(struct mptcp_host* host, int fd, const struct sockaddr* to, socklen_t length);
    int mptcp_host_listen(struct mptcp_host* host, int fd, int backlog);
    /* -EAGAIN while there is none. */
    int mptcp_host_accept(struct mptcp_host* host, int fd);
    /* -EINPROGRESS; later calls tell -EALREADY, -EISCONN, or why it failed. */
    int mptcp_host_connect(struct mptcp_host* host,
                           int fd,
                           const struct sockaddr* to,
                           socklen_t length);
    long mptcp_host_read(struct mptcp_host* host, int fd, void* buffer, size_t size);
    long mptcp_host_write(struct mptcp_host* host, int fd, const void* buffer, size_t size);
    int mptcp_host_shutdown(struct mptcp_host* host, int fd, int how);
    int mptcp_host_close(struct mptcp_host* host, int fd);
    int mptcp_host_getsockopt(
        struct mptcp_host* host, int fd, int level, int name, void* value, unsigned* length);
    int mptcp_host_setsockopt(
        struct mptcp_host* host, int fd, int level, int name, const void* value, unsigned length);

    /* Let an IP packet arrive now. 0, or -EINVAL if it is no IP packet or there is no interface. */
    int mptcp_host_inject(struct mptcp_host* host, int interface, const void* packet, size_t size);
    /* Take the oldest packet that left and was not taken. 1, or 0 if there is none. */
    int mptcp_host_take(struct mptcp_host* host,
                        void* buffer,
                        size_t size,
                        struct mptcp_host_packet* packet);

    /* Nanoseconds since the host was created. */
    int64_t mptcp_host_now(const struct mptcp_host* host);
    /*
     * Let time pass up to and with a moment; to now: let happen what happens at once.
     * stop_at_packet: come back at once when a packet has left.
     */
    void mptcp_host_advance(struct mptcp_host* host, int64_t until, int stop_at_packet);

#ifdef __cplusplus
}
#endif

#endif /* MPTCP_HOST_H */
