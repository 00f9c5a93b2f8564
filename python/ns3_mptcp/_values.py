# SPDX-License-Identifier: GPL-2.0-only
"""Python values as attributes, and a ValueError where ns-3 would end the program."""

import ipaddress
import numbers
import re

import numpy

from ns import ns

from ._glue import glue

_TIME_UNITS = {"s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "ps": 1e-12, "fs": 1e-15, "min": 60,
               "h": 3600, "d": 86400, "y": 31536000}
_PLAIN = r"([0-9]+\.?[0-9]*|\.[0-9]+)"
_NUMBER = r"[+-]?" + _PLAIN + r"([eE][+-]?[0-9]+)?"


def parse_time(text):
    """Seconds: of "20ms", "1.5s", "3"."""
    found = re.fullmatch("(%s)([a-z]*)" % _NUMBER, text)
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
    if isinstance(value, ns.Time):
        return value
    text = value.strip() if isinstance(value, str) else None
    seconds = value if text is None else parse_time(text)
    if not isinstance(seconds, numbers.Real) or isinstance(seconds, bool):
        raise TypeError("no time: %r" % (value,))
    most = ns.Time.Max().GetSeconds()
    if not -most < seconds < most:
        raise ValueError("no time: %r; accepted: less than %d s" % (value, most))
    return ns.Seconds(float(seconds)) if text is None else ns.Time(text)


def address(host, port=None):
    """An ns3::Address of a host ("10.1.1.1", "2001:db8::1", or an address of ns-3) and a port."""
    if isinstance(host, ns.Address):
        return host
    if port is None and hasattr(host, "ConvertTo"):
        return host.ConvertTo()
    ip = ipaddress.ip_address(str(host))
    if port is not None:
        if not is_integer(port) or not 0 <= port <= 65535:
            raise ValueError("no port: %r; accepted: 0 to 65535" % (port,))
        port = int(port)
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
    if isinstance(value, (bool, numpy.bool_)):
        return "true" if value else "false"
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral):
        return repr(float(value))
    if isinstance(value, ns.Time):
        return "%dns" % value.GetNanoSeconds()
    if isinstance(value, ns.TypeId):
        return str(value.GetName())
    if isinstance(value, ns.DataRate):
        return "%dbps" % value.GetBitRate()
    if isinstance(value, ns.StringValue):
        return str(value.Get())
    return str(value)


def _form(pattern):
    return re.compile(pattern).fullmatch


def _is_mask(text):
    return re.fullmatch("/([12]?[0-9]|3[0-2])", text) or ipaddress.IPv4Address(text)


# What texts ns-3 reads as a value of a kind: others end the program.
_FORMS = {
    "ns3::UintegerValue": _form("[0-9]+"),
    "ns3::IntegerValue": _form("[+-]?[0-9]+"),
    "ns3::DoubleValue": _form(_NUMBER),
    "ns3::BooleanValue": _form("true|false|1|0|t|f"),
    "ns3::DataRateValue": _form(_PLAIN + "([kKMGT]i?)?(bps|b/s|Bps|B/s)"),
    "ns3::QueueSizeValue": _form(_PLAIN + "([kKM]i?)?[Bp]"),
    "ns3::Vector2DValue": _form(":".join([_NUMBER] * 2)),
    "ns3::Vector3DValue": _form(":".join([_NUMBER] * 3)),
    "ns3::RectangleValue": _form(r"\|".join([_NUMBER] * 4)),
    "ns3::BoxValue": _form(r"\|".join([_NUMBER] * 6)),
    "ns3::Ipv4AddressValue": ipaddress.IPv4Address,
    "ns3::Ipv4MaskValue": _is_mask,
    "ns3::Ipv6AddressValue": ipaddress.IPv6Address,
    "ns3::Mac48AddressValue": _form("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}"),
    "ns3::SsidValue": _form(r"\S{1,32}"),
}


def _factory_of(text):
    """An ObjectFactory of a class, or of "class[name=value|name=value]"."""
    found = re.fullmatch(r"([^\[\]]+)(?:\[([^\[\]]*)\])?", text.strip())
    if not found:
        raise ValueError("%r is no class[name=value|name=value]" % text)
    pairs = [pair.split("=", 1) for pair in (found.group(2) or "").split("|") if pair]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError("%r: an attribute without a value" % text)
    return factory(found.group(1), **dict(pairs))


def _make_value(wanted, accepted, value):
    """An AttributeValue. wanted: its class; accepted: as ns-3 tells it; value: Python's."""
    given = value
    if isinstance(value, ns.StringValue):
        value = str(value.Get())
    if isinstance(value, ns.AttributeValue):
        return value
    if wanted == "ns3::StringValue":
        return ns.StringValue(_text_of(value))
    if wanted == "ns3::AddressValue":
        return ns.AddressValue(address(*value) if isinstance(value, tuple) else address(value))
    if wanted == "ns3::TimeValue":
        return ns.TimeValue(as_time(value))
    if wanted == "ns3::TypeIdValue":
        return ns.TypeIdValue(type_id(value))
    if wanted == "ns3::PointerValue":
        return ns.PointerValue(_factory_of(value).Create() if isinstance(value, str) else value)
    if wanted == "ns3::ObjectFactoryValue":
        return ns.ObjectFactoryValue(_factory_of(value) if isinstance(value, str) else value)
    text = _text_of(value).strip()
    if wanted.startswith("ns3::EnumValue"):
        good = text in accepted.split("|")
    elif wanted in _FORMS:
        good = _FORMS[wanted](text)
    elif isinstance(given, ns.StringValue):
        return given
    else:
        raise ValueError("texts of %s are not checked: an ns.StringValue is handed on as it is"
                         % wanted.partition("<")[0])
    if not good:
        raise ValueError("%r is no %s" % (text, accepted or wanted))
    return ns.StringValue(text)


def attribute_value(kind, name, value):
    """What ns-3 takes as the value of an attribute. kind: a TypeId; value: a number, a text, a
    bool, an object of ns-3, or an AttributeValue."""
    information = ns.TypeId.AttributeInformation()
    if not kind.LookupAttributeByName(name, information):
        raise ValueError("%s has no attribute %s" % (kind.GetName(), name))
    if not glue.HasSetter(information):
        raise ValueError("%s::%s cannot be set" % (kind.GetName(), name))
    wanted = str(glue.GetValueKind(information))
    accepted = str(glue.GetAccepted(information))
    try:
        made = _make_value(wanted, accepted, value)
    except (TypeError, ValueError) as why:
        raise ValueError("%s::%s: %s" % (kind.GetName(), name, why)) from None
    if not information.checker.CreateValidValue(made):
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
    kind = type_id(name, parent or ns.Object.GetTypeId())
    if not kind.HasConstructor():
        raise ValueError("%s is abstract" % kind.GetName())
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
