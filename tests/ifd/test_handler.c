/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a slot's failures, and what the polling thread is woken for. The slot is a fake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "fake_slot.h"
#include "ifd/channel.h"
#include "ifd/polling.h"

static const uint8_t atr[] = { 0x3B, 0x80, 0x01, 0x81 }, ok[] = { 0x90, 0x00 };
static char name[] = "/dev/null:35963", host[] = "example.invalid:35963";

static int setup(void **state)
{
	memset(&fake, 0, sizeof fake);
	fake.card = 1;
	fake.atr_bytes = BYTES_OF_ARRAY(atr);
	fake.response = BYTES_OF_ARRAY(ok);
	return IFDHCreateChannelByName(0, name) == IFD_SUCCESS ? 0 : -1;
}

static int teardown(void **state)
{
	bool closed = IFDHCloseChannel(0) == IFD_SUCCESS;

	return closed && fake.n_open == 0 ? 0 : -1;
}

static void failures_to_transmit_are_never_data(void **state)
{
	static const struct {
		int err;
		RESPONSECODE want;
	} cases[] = {
		{ ERR_NO_CARD, IFD_ICC_NOT_PRESENT },
		{ ERR_TIMEOUT, IFD_RESPONSE_TIMEOUT },
		{ ERR_CLOSED, IFD_COMMUNICATION_ERROR },
		{ ERR_PROTOCOL, IFD_COMMUNICATION_ERROR },
		{ ERR_LIMIT, IFD_COMMUNICATION_ERROR },
		{ ERR_IO, IFD_COMMUNICATION_ERROR },
		{ ERR_INTERRUPTED, IFD_COMMUNICATION_ERROR },
		{ ERR_NO_MEMORY, IFD_COMMUNICATION_ERROR },
	};
	SCARD_IO_HEADER pci = { 1, 0 };
	UCHAR tx[4] = { 0 }, rx[16];
	DWORD length;

	for (size_t i = 0; i < COUNT(cases); i++) {
		fake.transmit = cases[i].err;
		length = sizeof rx;
		assert_int_equal(
		    IFDHTransmitToICC(0, pci, tx, sizeof tx, rx, &length, NULL), cases[i].want);
		assert_int_equal(length, 0);
	}
}

static void success_has_a_status_word(void **state)
{
	SCARD_IO_HEADER pci = { 1, 0 };
	UCHAR tx[4] = { 0 }, rx[16];
	DWORD length;

	for (size_t n = 0; n <= 2; n++) {
		fake.response = bytes_of(ok, n);
		length = sizeof rx;
		assert_int_equal(IFDHTransmitToICC(0, pci, tx, sizeof tx, rx, &length, NULL),
		    n == 2 ? IFD_SUCCESS : IFD_COMMUNICATION_ERROR);
		assert_int_equal(length, n == 2 ? 2 : 0);
	}
	/* More than fits is a failure even if the slot does not say so. */
	length = 1;
	assert_int_equal(
	    IFDHTransmitToICC(0, pci, tx, sizeof tx, rx, &length, NULL), IFD_COMMUNICATION_ERROR);
	assert_int_equal(length, 0);
}

static void failures_of_power_leave_no_atr(void **state)
{
	static const int errors[] = { ERR_NO_CARD, ERR_TIMEOUT, ERR_CLOSED, ERR_PROTOCOL, ERR_IO };
	UCHAR buffer[MAX_ATR_SIZE];
	DWORD length;

	for (size_t i = 0; i < COUNT(errors); i++) {
		fake.power = errors[i];
		length = sizeof buffer;
		assert_int_equal(
		    IFDHPowerICC(0, IFD_POWER_UP, buffer, &length), IFD_ERROR_POWER_ACTION);
		assert_int_equal(length, 0);
		length = sizeof buffer;
		assert_int_equal(
		    IFDHPowerICC(0, IFD_RESET, buffer, &length), IFD_ERROR_POWER_ACTION);
		assert_int_equal(length, 0);
		assert_int_equal(IFDHPowerICC(0, IFD_POWER_DOWN, buffer, &length),
		    errors[i] == ERR_NO_CARD ? IFD_SUCCESS : IFD_ERROR_POWER_ACTION);
	}
}

static void looking_at_a_card_leaves_its_protocol_alone(void **state)
{
	SCARD_IO_HEADER send = { 7, 0 }, received;
	UCHAR tx[4] = { 0 }, rx[16];
	DWORD length = sizeof rx;

	assert_int_equal(IFDHPowerICC(0, IFD_POWER_UP, rx, &length), IFD_SUCCESS);
	assert_int_equal(IFDHICCPresence(0), IFD_ICC_PRESENT);
	length = sizeof rx;
	assert_int_equal(
	    IFDHTransmitToICC(0, send, tx, sizeof tx, rx, &length, &received), IFD_SUCCESS);
	assert_int_equal(received.Protocol, 1);
}

static void opening_fails_without_a_leftover(void **state)
{
	static const int errors[] = { ERR_IO, ERR_NOT_FOUND, ERR_NO_MEMORY };

	for (size_t i = 0; i < COUNT(errors); i++) {
		fake.open = errors[i];
		assert_int_equal(IFDHCreateChannelByName(1, name), IFD_COMMUNICATION_ERROR);
		assert_int_equal(IFDHICCPresence(1), IFD_COMMUNICATION_ERROR);
	}
	assert_int_equal(fake.n_open, 1);

	/* A host that does not answer is no failure: it is tried again in the background. */
	fake.open = 0;
	fake.wait = ERR_TIMEOUT;
	assert_int_equal(IFDHCreateChannelByName(1, host), IFD_SUCCESS);
	assert_int_equal(IFDHCloseChannel(1), IFD_SUCCESS);
	fake.wait = ERR_IO;
	assert_int_equal(IFDHCreateChannelByName(1, host), IFD_COMMUNICATION_ERROR);
	assert_int_equal(fake.n_open, 1);
}

static void waits_end_in_success_whatever_the_reason(void **state)
{
	static const int reasons[] = { 0, ERR_TIMEOUT, ERR_INTERRUPTED };

	for (size_t i = 0; i < COUNT(reasons); i++) {
		fake.wait = reasons[i];
		assert_int_equal(polling_wait(0, 1000), IFD_SUCCESS);
	}
	fake.wait = ERR_IO;
	assert_int_not_equal(polling_wait(0, 1000), IFD_SUCCESS);
	assert_int_not_equal(polling_wait(1, 1000), IFD_SUCCESS);
	assert_int_equal(polling_stop(0), IFD_SUCCESS);
	assert_int_not_equal(polling_stop(1), IFD_SUCCESS);
}

static void *ask_presence(void *unused)
{
	(void)IFDHICCPresence(0);
	return NULL;
}

static void ask_in_another_thread(void)
{
	pthread_t application;

	assert_int_equal(pthread_create(&application, NULL, ask_presence, NULL), 0);
	pthread_join(application, NULL);
}

static void what_another_thread_has_seen_still_wakes_the_poller(void **state)
{
	assert_int_equal(IFDHICCPresence(0), IFD_ICC_PRESENT);
	fake.wait = ERR_TIMEOUT;
	assert_int_equal(polling_wait(0, 1000), IFD_SUCCESS);
	assert_int_equal(fake.known, 1);

	fake.card = 0;
	ask_in_another_thread();
	assert_int_equal(polling_wait(0, 1000), IFD_SUCCESS);
	assert_int_equal(fake.known, 1);

	assert_int_equal(IFDHICCPresence(0), IFD_ICC_NOT_PRESENT);
	assert_int_equal(polling_wait(0, 1000), IFD_SUCCESS);
	assert_int_equal(fake.known, 0);
}

static void another_card_in_place_of_the_first_is_a_removal_first(void **state)
{
	assert_int_equal(IFDHICCPresence(0), IFD_ICC_PRESENT);
	fake.wait = ERR_TIMEOUT;
	assert_int_equal(polling_wait(0, 1000), IFD_SUCCESS);

	/* Whoever else has looked meanwhile. */
	fake.card = 0;
	ask_in_another_thread();
	fake.card = 2;
	ask_in_another_thread();
	assert_int_equal(polling_wait(0, 1000), IFD_SUCCESS);
	assert_int_equal(fake.known, 1);
	fake.wait = 0;
	assert_int_equal(polling_wait(0, 1000), IFD_SUCCESS);
	assert_int_equal(IFDHICCPresence(0), IFD_ICC_NOT_PRESENT);
	assert_int_equal(polling_wait(0, 1000), IFD_SUCCESS);
	assert_int_equal(fake.known, 0);
	assert_int_equal(IFDHICCPresence(0), IFD_ICC_PRESENT);
	assert_int_equal(IFDHICCPresence(0), IFD_ICC_PRESENT);
}

static pthread_t poller;
static int64_t told;

static void *wait_for_removal(void *unused)
{
	(void)polling_wait(0, 1000);
	told = clock_now();
	return NULL;
}

static void card_leaves(void)
{
	fake.card = 0;
	assert_int_equal(pthread_create(&poller, NULL, wait_for_removal, NULL), 0);
}

/* pcscd takes a card that it could not reset for mute, even if it has just seen it go. */
static void a_card_that_leaves_in_a_reset_goes_after_it(void **state)
{
	UCHAR buffer[MAX_ATR_SIZE];
	DWORD length = sizeof buffer;
	int64_t ended;

	assert_int_equal(IFDHICCPresence(0), IFD_ICC_PRESENT);
	fake.power = ERR_NO_CARD;
	fake.while_powering = card_leaves;
	assert_int_equal(IFDHPowerICC(0, IFD_RESET, buffer, &length), IFD_ERROR_POWER_ACTION);
	ended = clock_now();
	assert_int_equal(pthread_join(poller, NULL), 0);
	/* One millisecond: the clock may tick between the call's end and ours. */
	assert_in_range(told - ended, CHANNEL_SETTLE_MS - 1, 10000);
}

static void a_wait_begins_where_the_last_one_ended(void **state)
{
	/* A caller need not ask for the card in between. */
	assert_int_equal(polling_wait(0, 1000), IFD_SUCCESS);
	assert_int_equal(fake.known, 0);
	assert_int_equal(polling_wait(0, 1000), IFD_SUCCESS);
	assert_int_equal(fake.known, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(failures_to_transmit_are_never_data),
		TEST(success_has_a_status_word),
		TEST(failures_of_power_leave_no_atr),
		TEST(looking_at_a_card_leaves_its_protocol_alone),
		TEST(opening_fails_without_a_leftover),
		TEST(waits_end_in_success_whatever_the_reason),
		TEST(what_another_thread_has_seen_still_wakes_the_poller),
		TEST(another_card_in_place_of_the_first_is_a_removal_first),
		TEST(a_card_that_leaves_in_a_reset_goes_after_it),
		TEST(a_wait_begins_where_the_last_one_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
