# SPDX-License-Identifier: GPL-2.0-only
"""The socket API of draft-hesmans-mptcp-socket-03: bytes in, bytes out, OSError where it fails.

doc/socket-api.md describes each option. The names are those of ns3/mptcp-api.h.
"""

import ctypes
import ipaddress
import numbers
import os
import socket as host
import struct
from typing import NamedTuple, Optional, Tuple

import cppyy
import numpy
from ns import ns

from . import _constants as c
from ._values import address, is_integer, type_id

_KINDS = {
    c.MPTCP_EVENT_SUB_CREATED: "created",
    c.MPTCP_EVENT_SUB_DELETED: "deleted",
    c.MPTCP_EVENT_LOCAL_ADDRESS: "local_address",
    c.MPTCP_EVENT_REMOTE_ADDRESS: "remote_address",
    c.MPTCP_EVENT_SUB_PRIO: "priority",
}
_TUPLE = struct.Struct("@BBiP")
_SUB_OPTION = struct.Struct("@BiiPP")


class SubStatus(NamedTuple):
    """struct mptcp_sub_status: a subflow and its state."""

    id: int
    low_prio: bool
    fully_established: bool
    attached: bool
    pre_established: bool


class SubTuple(NamedTuple):
    """struct mptcp_sub_tuple: a subflow and its ends, each a host and a port."""

    id: int
    prio: int
    if_idx: int
    local: Tuple[str, int]
    remote: Tuple[str, int]


class Event(NamedTuple):
    """What happened to the paths of a connection. What does not belong to its kind is None.

    kind is created, deleted, priority (of a subflow), local_address or remote_address.
    """

    kind: str
    overflow: bool
    id: Optional[int] = None
    reason: Optional[int] = None
    rst_reason: Optional[int] = None
    by_peer: Optional[bool] = None
    error: Optional[int] = None
    low_prio: Optional[bool] = None
    address_id: Optional[int] = None
    available: Optional[bool] = None
    if_idx: Optional[int] = None
    address: Optional[Tuple[str, int]] = None


def create_socket(node, protocol="ns3::MptcpSocketFactory", **attributes):
    """A socket of a node that has its protocol, with values of its attributes."""
    kind = type_id(protocol, ns.SocketFactory.GetTypeId())
    if not node.GetObject[ns.SocketFactory](kind):
        raise ValueError("node %d has no %s: InternetStackHelper and MptcpHelper come first"
                         % (node.GetId(), kind.GetName()))
    made = ns.Socket.CreateSocket(node, kind)
    mptcp = ns.DynamicCast[ns.MptcpSocket](made)
    made = mptcp if mptcp else made
    for name, value in attributes.items():
        made.SetAttribute(name, value)
    return made


def as_mptcp(socket):
    """A socket, from a callback or an application, as the MptcpSocket that it is."""
    found = ns.DynamicCast[ns.MptcpSocket](socket) if socket else None
    if not found:
        raise TypeError("not a socket of ns3::MptcpSocketFactory: %r" % (socket,))
    return found


def _fail(socket):
    error = socket.GetOptErrno()
    raise OSError(error, os.strerror(error))


def getsockopt(socket, level, name, value=0):
    """getsockopt(): the answer's bytes. value: what the structure has on entry, or its size."""
    socket = as_mptcp(socket)
    size = int(value) if is_integer(value) else len(value)
    buffer = ctypes.create_string_buffer(size or 1)
    if not is_integer(value):
        ctypes.memmove(buffer, bytes(value), size)
    length = ctypes.c_uint(size)
    if socket.GetSockOpt(level, name, ctypes.cast(buffer, ctypes.c_void_p),
                         ctypes.pointer(length)) != 0:
        _fail(socket)
    return buffer.raw[:length.value]


def _as_bytes(value):
    if isinstance(value, (numbers.Integral, numpy.bool_)):
        return struct.pack("@i", int(value))
    return bytes(value)


def setsockopt(socket, level, name, value):
    """setsockopt(). value: the structure's bytes, or an int."""
    socket = as_mptcp(socket)
    value = _as_bytes(value)
    buffer = ctypes.create_string_buffer(value, len(value) or 1)
    if socket.SetSockOpt(level, name, ctypes.cast(buffer, ctypes.c_void_p), len(value)) != 0:
        _fail(socket)


def _sockaddr(end):
    if isinstance(end, str):
        end = (end, 0)
    ip = ipaddress.ip_address(str(end[0]))
    port = int(end[1])
    if not 0 <= port <= 65535:
        raise ValueError("no port: %r; accepted: 0 to 65535" % (end[1],))
    if ip.version == 6:
        return struct.pack("@H", host.AF_INET6) + struct.pack("!HI16sI", port, 0, ip.packed, 0)
    return struct.pack("@H", host.AF_INET) + struct.pack("!H4s8x", port, ip.packed)


def _from_sockaddr(data):
    (family,) = struct.unpack_from("@H", data)
    if family == host.AF_INET6:
        port, _, packed = struct.unpack_from("!HI16s", data, 2)
        return (str(ipaddress.IPv6Address(packed)), port), data[28:]
    port, packed = struct.unpack_from("!H4s", data, 2)
    return (str(ipaddress.IPv4Address(packed)), port), data[16:]


def _id(value):
    if not is_integer(value) or not 0 <= value <= 255:
        raise ValueError("no identifier of a subflow: %r; accepted: 1 to 255" % (value,))
    return int(value)


def get_sub_ids(socket):
    """MPTCP_GET_SUB_IDS: the subflows, the newest first."""
    data = getsockopt(socket, c.IPPROTO_TCP, c.MPTCP_GET_SUB_IDS, 600)
    return [SubStatus(data[2 + 2 * i], *(bool(data[3 + 2 * i] & bit) for bit in (1, 2, 4, 16)))
            for i in range(data[0])]


def open_sub(socket, local, remote, prio=0, if_idx=0, segments=()):
    """MPTCP_OPEN_SUB_TUPLE: the new subflow's identifier.

    local, remote: a host, or a host and a port, which is 0 for any and for the connection's.
    prio: not 0 for a backup. segments: IPv6 addresses that its packets visit, in that order.
    """
    header = None
    if segments:
        # As <linux/seg6.h> has it: the last segment first, and room for the remote address.
        path = [ipaddress.IPv6Address(str(segment)).packed for segment in segments]
        count = len(path) + 1
        header = ctypes.create_string_buffer(
            struct.pack("!BBBBBBH", 0, 2 * count, 4, count - 1, count - 1, 0, 0) + bytes(16)
            + b"".join(reversed(path)))
    data = _TUPLE.pack(0, prio, if_idx, ctypes.addressof(header) if header else 0)
    data += _sockaddr(local) + _sockaddr(remote)
    return getsockopt(socket, c.IPPROTO_TCP, c.MPTCP_OPEN_SUB_TUPLE, data)[0]


def close_sub(socket, sub_id, how=c.SHUT_RDWR):
    """MPTCP_CLOSE_SUB_ID. how: SHUT_RD, SHUT_WR, SHUT_RDWR or MPTCP_SHUT_RST."""
    setsockopt(socket, c.IPPROTO_TCP, c.MPTCP_CLOSE_SUB_ID,
               struct.pack("@Bi", _id(sub_id), how))


def get_sub_tuple(socket, sub_id):
    """MPTCP_GET_SUB_TUPLE: both ends of a subflow."""
    request = _TUPLE.pack(_id(sub_id), 0, 0, 0) + bytes(56)
    data = getsockopt(socket, c.IPPROTO_TCP, c.MPTCP_GET_SUB_TUPLE, request)
    sub_id, prio, if_idx, _ = _TUPLE.unpack_from(data)
    local, rest = _from_sockaddr(data[_TUPLE.size:])
    return SubTuple(sub_id, prio, if_idx, local, _from_sockaddr(rest)[0])


def set_sub_prio(socket, sub_id, prio):
    """MPTCP_SET_SUB_PRIO. prio: not 0 for a backup."""
    setsockopt(socket, c.IPPROTO_TCP, c.MPTCP_SET_SUB_PRIO, bytes((_id(sub_id), prio)))


def sub_getsockopt(socket, sub_id, level, name, size=256):
    """MPTCP_SUB_GETSOCKOPT: the bytes of an option of one subflow."""
    value = ctypes.create_string_buffer(size)
    length = ctypes.c_uint(size)
    getsockopt(socket, c.IPPROTO_TCP, c.MPTCP_SUB_GETSOCKOPT,
               _SUB_OPTION.pack(_id(sub_id), level, name, ctypes.addressof(value),
                                ctypes.addressof(length)))
    return value.raw[:length.value]


def sub_setsockopt(socket, sub_id, level, name, value):
    """MPTCP_SUB_SETSOCKOPT: an option of one subflow. value: its bytes, or an int."""
    value = _as_bytes(value)
    buffer = ctypes.create_string_buffer(value, len(value) or 1)
    request = struct.pack("@BiiPI4x", _id(sub_id), level, name, ctypes.addressof(buffer), len(value))
    setsockopt(socket, c.IPPROTO_TCP, c.MPTCP_SUB_SETSOCKOPT, request)


def tcp_info(socket, sub_id):
    """TCP_INFO of one subflow: a struct mptcp_tcp_info, with tcpi_rtt in us and so on."""
    data = sub_getsockopt(socket, sub_id, c.IPPROTO_TCP, host.TCP_INFO, 512)
    info = cppyy.gbl.mptcp_tcp_info()
    ctypes.memmove(cppyy.addressof(info), data, min(len(data), cppyy.sizeof(type(info))))
    return info


def decode_event(data):
    """An Event of its bytes, as MPTCP_READ_EVENT has them."""
    kind, flags, _ = struct.unpack_from("@HHI", data)
    name = _KINDS[kind]
    overflow = bool(flags & 1)
    if name in ("created", "deleted"):
        sub_id, reason, rst_reason, opened_by, error = struct.unpack_from("@BBBBi", data, 8)
        if name == "created":
            return Event(name, overflow, sub_id, by_peer=opened_by == 2)
        told = None if rst_reason == c.MPTCP_NO_RST_REASON else rst_reason
        return Event(name, overflow, sub_id, reason, told, opened_by == 2, error)
    if name == "priority":
        sub_id, low_prio, changed_by = struct.unpack_from("@BBB", data, 8)
        return Event(name, overflow, sub_id, by_peer=changed_by == 2, low_prio=bool(low_prio))
    address_id, available, _, if_idx = struct.unpack_from("@BBHi", data, 8)
    return Event(name, overflow, address_id=address_id, available=bool(available), if_idx=if_idx,
                 address=_from_sockaddr(data[16:])[0])


def subscribe(socket, *kinds):
    """MPTCP_EVENT_SUBSCRIPTION: to kinds of events, by name, or to all."""
    known = {name: number for number, name in _KINDS.items()}
    for kind in kinds:
        if kind not in known:
            raise ValueError("no kind of event: %r; accepted: %s" % (kind, ", ".join(known)))
    for number in [known[kind] for kind in kinds] or [0]:
        setsockopt(socket, c.IPPROTO_TCP, c.MPTCP_EVENT_SUBSCRIPTION, bytes((number, 1)))


def read_event(socket):
    """MPTCP_READ_EVENT: the oldest event that was subscribed to, or None."""
    try:
        return decode_event(getsockopt(socket, c.IPPROTO_TCP, c.MPTCP_READ_EVENT, 64))
    except BlockingIOError:
        return None


def on_event(socket, function, *kinds):
    """Have function(event) called for each event of some kinds, by name, or of all, beside the
    functions of other calls."""
    if not callable(function):
        raise TypeError("not a function: %r" % (function,))
    subscribe(socket, *kinds)

    def call(event):
        # cppyy takes uint8_t for characters.
        told = decode_event(bytes(map(ord, ns.MptcpEventQueue.Encode(event))))
        # What others have subscribed to comes too.
        if not kinds or told.kind in kinds:
            function(told)

    as_mptcp(socket).AddEventCallback(call)


def connect(socket, remote, local=None):
    """Connect to a host and port, from a host or a host and port. OSError if that cannot be."""
    if local is not None:
        local = (local, 0) if isinstance(local, str) else local
        if socket.Bind(address(*local)) != 0:
            raise OSError("bind to %s: %s" % (local, _errno_name(socket)))
    if socket.Connect(address(*remote)) != 0:
        raise OSError("connect to %s: %s" % (remote, _errno_name(socket)))


def listen(socket, local):
    """Listen on a host and port. OSError if that cannot be."""
    if socket.Bind(address(*local)) != 0 or socket.Listen() != 0:
        raise OSError("listen on %s: %s" % (local, _errno_name(socket)))


def _errno_name(socket):
    names = ("ERROR_NOTERROR ERROR_ISCONN ERROR_NOTCONN ERROR_MSGSIZE ERROR_AGAIN ERROR_SHUTDOWN "
             "ERROR_OPNOTSUPP ERROR_AFNOSUPPORT ERROR_INVAL ERROR_BADF ERROR_NOROUTETOHOST "
             "ERROR_NODEV ERROR_ADDRNOTAVAIL ERROR_ADDRINUSE").split()
    number = int(socket.GetErrno())
    return names[number] if number < len(names) else str(number)
