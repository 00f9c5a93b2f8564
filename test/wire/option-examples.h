// SPDX-License-Identifier: GPL-2.0-only
#ifndef OPTION_EXAMPLES_H
#define OPTION_EXAMPLES_H

#include <string_view>
#include <vector>

namespace ns3
{

/// An MPTCP option as bytes and as text.
struct OptionExample
{
    std::string_view hex;  //!< its bytes
    bool syn;              //!< SYN is set in its segment
    bool ack;              //!< ACK is set in its segment
    std::string_view text; //!< how it prints
};

/// @return every option of RFC 8684 section 3 in each of its lengths, and what RFC 6824 writes
/// otherwise, written by hand
inline const std::vector<OptionExample>&
GetOptionExamples()
{
    static const std::vector<OptionExample> examples{
        // Figure 4
        {"1e 04 01 01", true, false, "MP_CAPABLE v1 flags H"},
        {"1e 04 01 a1", true, false, "MP_CAPABLE v1 flags ACH"},
        {"1e 04 01 5e", true, false, "MP_CAPABLE v1 flags BDEFG"},
        {"1e 0c 01 01 0102030405060708",
         true,
         true,
         "MP_CAPABLE v1 flags H sender key 0102030405060708"},
        {"1e 14 01 01 0102030405060708 1112131415161718",
         false,
         true,
         "MP_CAPABLE v1 flags H sender key 0102030405060708 receiver key 1112131415161718"},
        {"1e 16 01 01 0102030405060708 1112131415161718 02bc",
         false,
         true,
         "MP_CAPABLE v1 flags H sender key 0102030405060708 receiver key 1112131415161718 "
         "length 700"},
        {"1e 18 01 81 0102030405060708 1112131415161718 02bc beef",
         false,
         true,
         "MP_CAPABLE v1 flags AH sender key 0102030405060708 receiver key 1112131415161718 "
         "length 700 checksum beef"},
        // Version 0 (RFC 6824 section 3.1) has a key on its SYN.
        {"1e 0c 00 01 0102030405060708",
         true,
         false,
         "MP_CAPABLE v0 flags H sender key 0102030405060708"},
        {"1e 0c 00 81 0102030405060708",
         true,
         true,
         "MP_CAPABLE v0 flags AH sender key 0102030405060708"},
        {"1e 14 00 01 0102030405060708 1112131415161718",
         false,
         true,
         "MP_CAPABLE v0 flags H sender key 0102030405060708 receiver key 1112131415161718"},
        {"1e 0c 00 7f 0102030405060708",
         true,
         false,
         "MP_CAPABLE v0 flags BCDEFGH sender key 0102030405060708"},
        {"1e 04 02 01", true, false, "MP_CAPABLE v2 flags H"},
        // Figures 5 to 7
        {"1e 0c 10 03 01020304 05060708",
         true,
         false,
         "MP_JOIN SYN id 3 token 01020304 nonce 05060708"},
        {"1e 0c 11 ff 01020304 05060708",
         true,
         false,
         "MP_JOIN SYN id 255 backup token 01020304 nonce 05060708"},
        {"1e 0c 1e 00 00000000 ffffffff",
         true,
         false,
         "MP_JOIN SYN id 0 token 00000000 nonce ffffffff reserved e00"},
        {"1e 10 11 04 0102030405060708 090a0b0c",
         true,
         true,
         "MP_JOIN SYN/ACK id 4 backup HMAC 0102030405060708 nonce 090a0b0c"},
        {"1e 18 10 00 0102030405060708090a0b0c0d0e0f1011121314",
         false,
         true,
         "MP_JOIN ACK HMAC 0102030405060708090a0b0c0d0e0f1011121314"},
        {"1e 18 1a bc 0102030405060708090a0b0c0d0e0f1011121314",
         false,
         true,
         "MP_JOIN ACK HMAC 0102030405060708090a0b0c0d0e0f1011121314 reserved abc"},
        // Figure 9
        {"1e 04 20 00", false, true, "DSS"},
        {"1e 04 20 10", false, true, "DSS FIN"},
        {"1e 08 20 01 00000005", false, true, "DSS ack 5 (32 bits)"},
        {"1e 0c 20 03 0000000000000005", false, true, "DSS ack 5"},
        {"1e 0e 20 04 00000007 00000001 05dc",
         false,
         true,
         "DSS dsn 7 (32 bits) ssn 1 length 1500"},
        {"1e 10 20 04 00000007 00000001 05dc 1234",
         false,
         true,
         "DSS dsn 7 (32 bits) ssn 1 length 1500 checksum 1234"},
        {"1e 12 20 0c ffffffffffffffff 00000001 05dc",
         false,
         true,
         "DSS dsn 18446744073709551615 ssn 1 length 1500"},
        {"1e 14 20 0c 0000000000000007 00000001 0000 0000",
         false,
         true,
         "DSS dsn 7 ssn 1 length 0 checksum 0000"},
        {"1e 12 20 05 00000005 00000007 00000001 05dc",
         false,
         true,
         "DSS ack 5 (32 bits) dsn 7 (32 bits) ssn 1 length 1500"},
        {"1e 14 20 05 00000005 00000007 00000001 05dc ffff",
         false,
         true,
         "DSS ack 5 (32 bits) dsn 7 (32 bits) ssn 1 length 1500 checksum ffff"},
        {"1e 16 20 07 0000000000000005 00000007 00000001 05dc",
         false,
         true,
         "DSS ack 5 dsn 7 (32 bits) ssn 1 length 1500"},
        {"1e 18 20 07 0000000000000005 00000007 00000001 05dc 0001",
         false,
         true,
         "DSS ack 5 dsn 7 (32 bits) ssn 1 length 1500 checksum 0001"},
        {"1e 16 20 0d 00000005 0000000000000007 00000001 05dc",
         false,
         true,
         "DSS ack 5 (32 bits) dsn 7 ssn 1 length 1500"},
        {"1e 18 20 0d 00000005 0000000000000007 00000001 05dc 0001",
         false,
         true,
         "DSS ack 5 (32 bits) dsn 7 ssn 1 length 1500 checksum 0001"},
        {"1e 1a 20 1f 0000000000000005 0000000000000007 00000000 0001",
         false,
         true,
         "DSS ack 5 dsn 7 ssn 0 length 1 FIN"},
        {"1e 1c 20 1f 0000000000000005 0000000000000007 00000000 0001 abcd",
         false,
         true,
         "DSS ack 5 dsn 7 ssn 0 length 1 checksum abcd FIN"},
        // Reserved bits, and "a" and "m" where they have no meaning
        {"1e 08 2f e1 00000005", false, true, "DSS ack 5 (32 bits) reserved fe0"},
        {"1e 04 20 0a", false, true, "DSS reserved 00a"},
        {"1e 08 20 09 00000005", false, true, "DSS ack 5 (32 bits) reserved 008"},
        {"1e 0e 20 06 00000007 00000001 05dc",
         false,
         true,
         "DSS dsn 7 (32 bits) ssn 1 length 1500 reserved 002"},
        // Figure 12
        {"1e 08 31 05 0a010002", false, true, "ADD_ADDR echo id 5 address 10.1.0.2"},
        {"1e 0a 31 05 0a010002 1b58", false, true, "ADD_ADDR echo id 5 address 10.1.0.2 port 7000"},
        {"1e 10 30 05 0a010002 0102030405060708",
         false,
         true,
         "ADD_ADDR id 5 address 10.1.0.2 HMAC 0102030405060708"},
        {"1e 12 30 05 0a010002 1b58 0102030405060708",
         false,
         true,
         "ADD_ADDR id 5 address 10.1.0.2 port 7000 HMAC 0102030405060708"},
        {"1e 14 31 05 fd000001000000000000000000000002",
         false,
         true,
         "ADD_ADDR echo id 5 address fd00:1::2"},
        {"1e 16 31 05 fd000001000000000000000000000002 0000",
         false,
         true,
         "ADD_ADDR echo id 5 address fd00:1::2 port 0"},
        {"1e 1c 30 05 fd000001000000000000000000000002 0102030405060708",
         false,
         true,
         "ADD_ADDR id 5 address fd00:1::2 HMAC 0102030405060708"},
        {"1e 1e 3e 05 fd000001000000000000000000000002 1b58 0102030405060708",
         false,
         true,
         "ADD_ADDR id 5 address fd00:1::2 port 7000 HMAC 0102030405060708 reserved e00"},
        // RFC 6824, figures 12 and 11
        {"1e 08 34 05 0a010002", false, true, "ADD_ADDR v0 id 5 address 10.1.0.2"},
        {"1e 0a 34 05 0a010002 1b58", false, true, "ADD_ADDR v0 id 5 address 10.1.0.2 port 7000"},
        {"1e 14 36 05 fd000001000000000000000000000002",
         false,
         true,
         "ADD_ADDR v0 id 5 address fd00:1::2"},
        {"1e 16 36 05 fd000001000000000000000000000002 1b58",
         false,
         true,
         "ADD_ADDR v0 id 5 address fd00:1::2 port 7000"},
        {"1e 04 51 03", false, true, "MP_PRIO backup id 3"},
        {"1e 04 50 00", false, true, "MP_PRIO regular id 0"},
        // Figure 13
        {"1e 04 40 05", false, true, "REMOVE_ADDR ids 5"},
        {"1e 06 4f 05 00 ff", false, true, "REMOVE_ADDR ids 5 0 255 reserved 00f"},
        {"1e 28 40 0102030405060708090a0b0c0d0e0f10111213141516171819"
         "1a1b1c1d1e1f202122232425",
         false,
         true,
         "REMOVE_ADDR ids 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 "
         "28 29 30 31 32 33 34 35 36 37"},
        // Figure 11
        {"1e 03 50", false, true, "MP_PRIO regular"},
        {"1e 03 51", false, true, "MP_PRIO backup"},
        {"1e 03 5e", false, true, "MP_PRIO regular reserved 00e"},
        // Figure 16
        {"1e 0c 60 00 0000000100000000", false, true, "MP_FAIL dsn 4294967296"},
        {"1e 0c 6f ff 0000000000000001", false, true, "MP_FAIL dsn 1 reserved fff"},
        // Figure 14
        {"1e 0c 70 00 0102030405060708", false, true, "MP_FASTCLOSE receiver key 0102030405060708"},
        {"1e 0c 70 01 0102030405060708",
         false,
         true,
         "MP_FASTCLOSE receiver key 0102030405060708 reserved 001"},
        // Figure 15
        {"1e 04 80 00", false, true, "MP_TCPRST reason 0"},
        {"1e 04 81 06", false, false, "MP_TCPRST reason 6 transient"},
        {"1e 04 8f ff", false, true, "MP_TCPRST reason 255 transient reserved 00e"},
    };
    return examples;
}

} // namespace ns3

#endif // OPTION_EXAMPLES_H
