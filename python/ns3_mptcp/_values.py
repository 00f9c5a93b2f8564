# SPDX-License-Identifier: GPL-2.0-only
"""Python values as attributes, and a ValueError where ns-3 would end the program."""

import ipaddress
import numbers
import re

from ns import ns

_TIME_UNITS = {"s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "ps": 1e-12, "fs": 1e-15, "min": 60,
               "h": 3600, "d": 86400, "y": 31536000}
_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"


def parse_time(text):
    """Seconds: of "20ms", "1.5s", "3"."""
    found = re.fullmatch("(%s)([a-z]*)" % _NUMBER, text.strip())
    unit = found and (found.group(4) or "s")
    if not found or unit not in _TIME_UNITS:
        raise ValueError("no time: %r; accepted: a number and one of %s"
                         % (text, ", ".join(_TIME_UNITS)))
    return float(found.group(1)) * _TIME_UNITS[unit]


def is_integer(value):
    """Whether a value is one, of Python or of numpy; a bool is none."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def as_time(value):
    """A Time: of seconds, of "20ms", or as it is."""
    if isinstance(value, str):
        value = parse_time(value)
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        return ns.Seconds(float(value))
    if not isinstance(value, ns.Time):
        raise TypeError("no time: %r" % (value,))
    return value


def address(host, port=None):
    """An ns3::Address of a host ("10.1.1.1", "2001:db8::1", or an address of ns-3) and a port."""
    if isinstance(host, ns.Address):
        return host
    ip = ipaddress.ip_address(str(host))
    if port is not None:
        if isinstance(port, bool) or not 0 <= port <= 65535:
            raise ValueError("no port: %r; accepted: 0 to 65535" % (port,))
        port = int(port) if is_integer(port) else port
    if ip.version == 6:
        if port is None:
            return ns.Ipv6Address(str(ip)).ConvertTo()
        return ns.Inet6SocketAddress(ns.Ipv6Address(str(ip)), port).ConvertTo()
    if port is None:
        return ns.Ipv4Address(str(ip)).ConvertTo()
    return ns.InetSocketAddress(ns.Ipv4Address(str(ip)), port).ConvertTo()


def type_id(name, parent=None):
    """A TypeId by its name, or as it is. parent: a TypeId that it must be derived from."""
    if isinstance(name, ns.TypeId):
        found = name
    else:
        text = str(name)
        for candidate in (text, "ns3::" + text):
            known, found = ns.LookupByNameFailSafe(candidate)
            if known:
                break
        else:
            raise ValueError("ns-3 knows no class %r" % text)
    if parent is not None and found != parent and not found.IsChildOf(parent):
        raise ValueError("%s is no %s" % (found.GetName(), parent.GetName()))
    return found


def _text_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral):
        return repr(float(value))
    if isinstance(value, ns.Time):
        return "%dns" % value.GetNanoSeconds()
    if isinstance(value, ns.TypeId):
        return str(value.GetName())
    if isinstance(value, ns.DataRate):
        return "%dbps" % value.GetBitRate()
    return str(value)


def _check(kind, text, accepted):
    """Refuse a text that would end the program. kind: of the value; accepted: as ns-3 tells."""
    if kind == "ns3::UintegerValue":
        good = re.fullmatch(r"\d+", text)
    elif kind == "ns3::IntegerValue":
        good = re.fullmatch(r"[+-]?\d+", text)
    elif kind == "ns3::DoubleValue":
        good = re.fullmatch(_NUMBER, text)
    elif kind == "ns3::BooleanValue":
        good = text in ("true", "false", "1", "0", "t", "f")
    elif kind == "ns3::TimeValue":
        parse_time(text)
        good = True
    elif kind == "ns3::DataRateValue":
        good = re.fullmatch(_NUMBER + r" *([kKMGT]i?)?(bps|b/s|Bps|B/s)", text)
    elif kind == "ns3::TypeIdValue":
        type_id(text)
        good = True
    elif kind.startswith("ns3::EnumValue"):
        good = text in accepted.split("|")
    else:
        good = True
    if not good:
        raise ValueError("%r is no %s" % (text, accepted or kind))


def attribute_value(kind, name, value):
    """What ns-3 takes as the value of an attribute. kind: a TypeId; value: a number, a text, a
    bool, an object of ns-3, or an AttributeValue."""
    information = ns.TypeId.AttributeInformation()
    if not kind.LookupAttributeByName(name, information):
        raise ValueError("%s has no attribute %s" % (kind.GetName(), name))
    checker = information.checker
    wanted = str(checker.GetValueTypeName())
    accepted = str(checker.GetUnderlyingTypeInformation()) \
        if checker.HasUnderlyingTypeInformation() else ""
    try:
        if isinstance(value, ns.AttributeValue) and not isinstance(value, ns.StringValue):
            made = value
        elif wanted == "ns3::AddressValue":
            ends = value if isinstance(value, tuple) else (value,)
            made = ns.AddressValue(address(*ends))
        elif wanted == "ns3::PointerValue" and not isinstance(value, (str, ns.StringValue)):
            made = ns.PointerValue(value)
        else:
            text = str(value.Get()) if isinstance(value, ns.StringValue) else _text_of(value)
            if wanted == "ns3::TypeIdValue":
                text = str(type_id(text).GetName())
            _check(wanted, text, accepted)
            made = ns.StringValue(text)
    except (TypeError, ValueError) as why:
        raise ValueError("%s::%s: %s" % (kind.GetName(), name, why)) from None
    if not checker.CreateValidValue(made):
        raise ValueError("%s::%s: %s is not accepted; accepted: %s %s"
                         % (kind.GetName(), name, _text_of(value), wanted, accepted))
    return made


def set_attribute(target, name, value):
    """ObjectBase::SetAttribute()."""
    made = attribute_value(target.GetInstanceTypeId(), name, value)
    if not target.SetAttributeFailSafe(name, made):
        raise ValueError("%s::%s: %s is refused, or comes too late"
                         % (target.GetInstanceTypeId().GetName(), name, _text_of(value)))


def set_default(name, value):
    """Config::SetDefault()."""
    kind, _, attribute = str(name).rpartition("::")
    made = attribute_value(type_id(kind), attribute, value)
    if not ns.Config.SetDefaultFailSafe(name, made):
        raise ValueError("%s: %s is refused" % (name, _text_of(value)))


def factory(name, parent=None, **attributes):
    """An ObjectFactory of a class, with values of its attributes."""
    kind = type_id(name, parent)
    made = ns.ObjectFactory()
    made.SetTypeId(kind)
    for attribute, value in attributes.items():
        made.Set(attribute, attribute_value(kind, attribute, value))
    return made


def create(cls, **attributes):
    """ns.CreateObject of a class, with values of its attributes."""
    made = ns.CreateObject[cls]()
    for name, value in attributes.items():
        made.SetAttribute(name, value)
    return made


def nodes(*items):
    """A NodeContainer of nodes and of NodeContainers."""
    made = ns.NodeContainer()
    for item in items:
        made.Add(item)
    return made
