// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-option.h"

#include <iomanip>

namespace ns3
{

namespace
{

/// A number to be printed in hexadecimal.
struct Hex
{
    uint64_t value; //!< the number
    int digits;     //!< how many digits it has
};

/// @param os stream @param hex what to print @return os
std::ostream&
operator<<(std::ostream& os, const Hex& hex)
{
    const auto flags = os.flags();
    const auto fill = os.fill('0');
    os << std::hex << std::setw(hex.digits) << hex.value;
    os.fill(fill);
    os.flags(flags);
    return os;
}

/// Prints an option of each type.
struct OptionPrinter
{
    std::ostream& os; //!< where

    void operator()(const MpCapable& option) const
    {
        os << "MP_CAPABLE v" << +option.version << " flags " << (option.checksumRequired ? "A" : "")
           << (option.extensibility ? "B" : "") << (option.denyJoinInitialAddress ? "C" : "");
        for (unsigned i = 0; i < 6; i++)
        {
            if (option.cryptoFlags & (0x20 >> i))
            {
                os << static_cast<char>('C' + i);
            }
        }
        PrintHex64("sender key", option.senderKey);
        PrintHex64("receiver key", option.receiverKey);
        if (option.dataLength)
        {
            os << " length " << *option.dataLength;
        }
        PrintChecksum(option.checksum);
    }

    void operator()(const MpJoinSyn& option) const
    {
        os << "MP_JOIN SYN id " << +option.addressId << (option.backup ? " backup" : "")
           << " token " << Hex{option.token, 8} << " nonce " << Hex{option.nonce, 8};
        PrintReserved(option.reserved);
    }

    void operator()(const MpJoinSynAck& option) const
    {
        os << "MP_JOIN SYN/ACK id " << +option.addressId << (option.backup ? " backup" : "")
           << " HMAC " << Hex{option.truncatedHmac, 16} << " nonce " << Hex{option.nonce, 8};
        PrintReserved(option.reserved);
    }

    void operator()(const MpJoinAck& option) const
    {
        os << "MP_JOIN ACK HMAC ";
        for (const uint8_t byte : option.hmac)
        {
            os << Hex{byte, 2};
        }
        PrintReserved(option.reserved);
    }

    void operator()(const Dss& option) const
    {
        os << "DSS";
        if (option.dataAck)
        {
            os << " ack " << option.dataAck->value << Width(*option.dataAck);
        }
        if (const auto& mapping = option.mapping)
        {
            os << " dsn " << mapping->dataSequence.value << Width(mapping->dataSequence) << " ssn "
               << mapping->subflowSequence << " length " << mapping->length;
            PrintChecksum(mapping->checksum);
        }
        os << (option.dataFin ? " FIN" : "");
        PrintReserved(option.reserved);
    }

    void operator()(const AddAddress& option) const
    {
        os << "ADD_ADDR" << (option.version0 ? " v0" : "") << (option.echo ? " echo" : "") << " id "
           << +option.addressId << " address " << IpAddress(option.address);
        if (option.port)
        {
            os << " port " << *option.port;
        }
        PrintHex64("HMAC", option.truncatedHmac);
        PrintReserved(option.reserved);
    }

    void operator()(const RemoveAddress& option) const
    {
        os << "REMOVE_ADDR ids";
        for (const uint8_t id : option.addressIds)
        {
            os << ' ' << +id;
        }
        PrintReserved(option.reserved);
    }

    void operator()(const MpPrio& option) const
    {
        os << "MP_PRIO" << (option.backup ? " backup" : " regular");
        if (option.addressId)
        {
            os << " id " << +*option.addressId;
        }
        PrintReserved(option.reserved);
    }

    void operator()(const MpFail& option) const
    {
        os << "MP_FAIL dsn " << option.dataSequence;
        PrintReserved(option.reserved);
    }

    void operator()(const MpFastclose& option) const
    {
        os << "MP_FASTCLOSE";
        os << " receiver key " << Hex{option.receiverKey, 16};
        PrintReserved(option.reserved);
    }

    void operator()(const MpTcpRst& option) const
    {
        os << "MP_TCPRST reason " << +option.reason << (option.flags & 1 ? " transient" : "");
        PrintReserved(option.flags & 0x0e);
    }

  private:
    /// @param field a number that has travelled in 4 bytes or 8 @return text to print behind it
    static const char* Width(const SequenceField& field)
    {
        return field.is64 ? "" : " (32 bits)";
    }

    /// Print a field that may be absent. @param name its name @param value the field
    void PrintHex64(const char* name, const std::optional<uint64_t>& value) const
    {
        if (value)
        {
            os << ' ' << name << ' ' << Hex{*value, 16};
        }
    }

    /// Print a checksum, if there is one. @param checksum it
    void PrintChecksum(const std::optional<uint16_t>& checksum) const
    {
        if (checksum)
        {
            os << " checksum " << Hex{*checksum, 4};
        }
    }

    /// Print bits that should be 0 but are not. @param bits them
    void PrintReserved(uint16_t bits) const
    {
        if (bits != 0)
        {
            os << " reserved " << Hex{bits, 3};
        }
    }
};

} // namespace

std::ostream&
operator<<(std::ostream& os, const MptcpOption& option)
{
    std::visit(OptionPrinter{os}, option);
    return os;
}

} // namespace ns3
