// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.4: each address and port of an end has one identifier within a connection, and
// none means another address before its removal.
#include "ns3/mptcp-address-book.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

/// @param number 0 to 65535 @return an address
IpAddress
Address(uint32_t number)
{
    return Ipv4Address(0x0a000000 + number);
}

/// @return that no identifier is used
bool
Unused(uint8_t)
{
    return false;
}

TEST(MptcpAddressBook, NumbersAddressesFromThatOfTheFirstSubflow)
{
    MptcpAddressBook book;
    book.Begin(Address(1), {0, Address(2), 80});
    EXPECT_EQ(book.Assign(Address(1), 0, Unused), 0);
    EXPECT_EQ(book.Assign(Address(3), 0, Unused), 1);
    EXPECT_EQ(book.Assign(Ipv6Address("2001:db8::1"), 0, Unused), 2);
    EXPECT_EQ(book.Assign(Address(3), 0, Unused), 1);
    EXPECT_EQ(book.FindLocal(Address(3)), 1);
    EXPECT_FALSE(book.FindLocal(Address(4)));
}

TEST(MptcpAddressBook, GivesPortsIdentifiersOfTheirOwn)
{
    MptcpAddressBook book;
    book.Begin(Address(1), {0, Address(2), 80});
    EXPECT_EQ(book.Assign(Address(1), 8080, Unused), 1);
    EXPECT_EQ(book.Assign(Address(1), 8081, Unused), 2);
    EXPECT_EQ(book.Assign(Address(1), 8080, Unused), 1);
    EXPECT_TRUE(book.HasPort(Address(1), 8081));
    EXPECT_FALSE(book.HasPort(Address(1), 80));
    EXPECT_FALSE(book.HasPort(Address(2), 8081));
    EXPECT_EQ(book.Withdraw(Address(1)), (std::vector<uint8_t>{0, 1, 2}));
    EXPECT_EQ(book.Withdraw(Address(1)), std::vector<uint8_t>());
}

TEST(MptcpAddressBook, TakesTheOldestWithdrawnIdentifierOnceAllAreGiven)
{
    MptcpAddressBook book;
    book.Begin(Address(0), {0, Address(1000), 80});
    for (uint32_t i = 1; i <= 255; i++)
    {
        ASSERT_EQ(book.Assign(Address(i), 0, Unused), i);
    }
    EXPECT_FALSE(book.Assign(Address(256), 0, Unused));
    book.Withdraw(Address(9));
    book.Withdraw(Address(5));
    book.Withdraw(Address(7));
    book.KeepRemoval({9}); // the peer has not heard of this one
    const auto fiveIsUsed = [](uint8_t id) { return id == 5; };
    EXPECT_EQ(book.Assign(Address(256), 0, fiveIsUsed), 7);
    EXPECT_FALSE(book.IsWithdrawn(7));
    EXPECT_FALSE(book.Assign(Address(257), 0, fiveIsUsed));
    EXPECT_EQ(book.Assign(Address(257), 0, Unused), 5);
    EXPECT_EQ(book.TakeRemovals(), std::vector<uint8_t>{9});
    EXPECT_EQ(book.Assign(Address(258), 0, Unused), 9);
    EXPECT_EQ(book.TakeRemovals(), std::vector<uint8_t>());
}

TEST(MptcpAddressBook, RemovesNothingThatIsAnAddressAgain)
{
    MptcpAddressBook book;
    book.Begin(Address(1), {0, Address(2), 80});
    book.Assign(Address(3), 0, Unused);
    book.KeepRemoval(book.Withdraw(Address(3)));
    EXPECT_TRUE(book.IsWithdrawn(1));
    EXPECT_EQ(book.Assign(Address(3), 0, Unused), 1);
    EXPECT_FALSE(book.IsWithdrawn(1));
    EXPECT_EQ(book.TakeRemovals(), std::vector<uint8_t>());
}

TEST(MptcpAddressBook, KnowsWhereThePeerIsAndWhereItJoinedFrom)
{
    MptcpAddressBook book;
    book.Begin(Address(1), {0, Address(2), 80});
    book.SetRemote({7, Address(3), 80});
    book.SetRemote({3, Address(4), 81});
    book.SetJoined(9, Address(5));
    ASSERT_EQ(book.GetRemotes().size(), 3U);
    EXPECT_EQ(book.GetRemotes()[1].id, 3);
    EXPECT_EQ(book.FindRemoteId(Address(5)), 9);
    EXPECT_EQ(book.FindRemote(9), nullptr); // nobody has said that it can be reached there
    book.SetRemote({7, Address(3), 8080});
    ASSERT_EQ(book.GetRemotes().size(), 3U);
    EXPECT_EQ(book.FindRemote(7)->port, 8080);
    book.RemoveRemote(7);
    book.RemoveRemote(9);
    book.RemoveRemote(200);
    EXPECT_EQ(book.FindRemote(7), nullptr);
    EXPECT_FALSE(book.FindRemoteId(Address(5)));
}

TEST(MptcpAddressBook, RemembersFailuresByAddressAndPort)
{
    MptcpAddressBook book;
    book.SetRemote({1, Address(1), 80});
    book.NoteFailure(Address(1), 80);
    book.NoteFailure(Address(1), 80);
    EXPECT_TRUE(book.HasFailed(Address(1), 80));
    EXPECT_FALSE(book.HasFailed(Address(1), 81));
    book.ForgetFailure(Address(1), 80);
    EXPECT_FALSE(book.HasFailed(Address(1), 80));
}

TEST(MptcpAddressBook, ForgetsFailuresWhereThePeerIsNoMore)
{
    MptcpAddressBook book;
    book.SetRemote({1, Address(1), 80});
    book.SetRemote({2, Address(1), 81});
    book.NoteFailure(Address(1), 80);
    book.NoteFailure(Address(1), 81);
    book.NoteFailure(Address(2), 80);
    EXPECT_FALSE(book.HasFailed(Address(2), 80)) << "it never was there";
    book.RemoveRemote(1);
    EXPECT_FALSE(book.HasFailed(Address(1), 80));
    EXPECT_TRUE(book.HasFailed(Address(1), 81));
    book.SetRemote({2, Address(1), 82});
    EXPECT_FALSE(book.HasFailed(Address(1), 81)) << "its port is another one now";
}

} // namespace
