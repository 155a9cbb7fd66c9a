/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cards that break the protocol: each ends in an error and never in data, costs the other slot nothing,
 * loses no descriptor and no memory, and leaves the slot ready for the next card. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "config.h"
#include "driver.h"
#include "peer.h"

#define WAIT_MS 15000
#define OTHER 1 /* the slot beside */
#define LIMIT_S 3

static struct driver driver;
static struct peer hostile, good, neighbour;
static uint16_t port;
static UCHAR rx[65536];

static RESPONSECODE transmit_case1(DWORD lun)
{
	UCHAR command[] = { 0x80, 0x30, 0x00, 0x00 };
	SCARD_IO_HEADER pci = { 1, 0 };
	DWORD length = sizeof rx;
	RESPONSECODE code =
	    driver.transmit_to_icc(lun, pci, command, sizeof command, rx, &length, NULL);

	assert_int_equal(length, code == IFD_SUCCESS ? 2 : 0);
	return code;
}

static RESPONSECODE power_up(DWORD lun)
{
	UCHAR atr[MAX_ATR_SIZE];
	DWORD length = sizeof atr;

	return driver.power_icc(lun, IFD_POWER_UP, atr, &length);
}

static void assert_card_works(DWORD lun)
{
	assert_true(driver_wait(&driver, lun, true, WAIT_MS));
	assert_int_equal(power_up(lun), IFD_SUCCESS);
	assert_int_equal(transmit_case1(lun), IFD_SUCCESS);
}

static void assert_next_card_works(void)
{
	assert_true(driver_wait(&driver, 0, false, WAIT_MS));
	assert_true(peer_start(&good, PEER_CARD, port));
	assert_card_works(0);
	peer_stop(&good);
	assert_true(driver_wait(&driver, 0, false, WAIT_MS));
}

static unsigned count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned n = 0;

	if (folder == NULL)
		return 0;
	while (readdir(folder) != NULL)
		n++;
	closedir(folder);
	return n;
}

/* Another thread's talk with the card in the slot beside. */

static struct {
	pthread_t thread;
	pthread_mutex_t mutex;
	bool stop;
	bool failed;
	int64_t slowest_ms;
} talk = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static bool talk_on(void)
{
	bool on;

	pthread_mutex_lock(&talk.mutex);
	on = !talk.stop;
	pthread_mutex_unlock(&talk.mutex);
	return on;
}

static void *run_talk(void *unused)
{
	static UCHAR answer[64];
	UCHAR command[] = { 0x80, 0x30, 0x00, 0x00 };
	SCARD_IO_HEADER pci = { 1, 0 };

	while (talk_on()) {
		int64_t before = clock_now(), took;
		DWORD length = sizeof answer;

		if (driver.transmit_to_icc(
		        OTHER, pci, command, sizeof command, answer, &length, NULL) != IFD_SUCCESS)
			talk.failed = true;
		took = clock_now() - before;
		if (took > talk.slowest_ms)
			talk.slowest_ms = took;
		usleep(500); /* so that others have the processor, too */
	}
	return NULL;
}

static void start_talk(void)
{
	talk.stop = talk.failed = false;
	talk.slowest_ms = 0;
	assert_int_equal(pthread_create(&talk.thread, NULL, run_talk, NULL), 0);
}

static void stop_talk(void)
{
	pthread_mutex_lock(&talk.mutex);
	talk.stop = true;
	pthread_mutex_unlock(&talk.mutex);
	pthread_join(talk.thread, NULL);
	assert_false(talk.failed);
	/* Far below any time limit, far above what a busy machine needs. */
	assert_in_range(talk.slowest_ms, 0, LIMIT_S * 1000 - 500);
}

/* The cards. */

static void commands_fail_and_are_never_data(void **state)
{
	static const struct {
		const char *name;
		enum peer_kind kind;
		RESPONSECODE want;
	} cases[] = {
		{ "one byte, then gone", PEER_ONE_BYTE, IFD_COMMUNICATION_ERROR },
		{ "half a length, then gone", PEER_HALF_LENGTH, IFD_COMMUNICATION_ERROR },
		{ "half a message, then gone", PEER_CUT_MESSAGE, IFD_COMMUNICATION_ERROR },
		{ "response of 0 bytes", PEER_EMPTY_RESPONSE, IFD_COMMUNICATION_ERROR },
		{ "response of 1 byte", PEER_SHORT_RESPONSE, IFD_COMMUNICATION_ERROR },
		{ "gone at the command", PEER_CLOSES, IFD_COMMUNICATION_ERROR },
		{ "never answers", PEER_MUTE_TO_COMMAND, IFD_RESPONSE_TIMEOUT },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("# %s\n", cases[i].name);
		assert_true(peer_start(&hostile, cases[i].kind, port));
		assert_true(driver_wait(&driver, 0, true, WAIT_MS));
		assert_int_equal(power_up(0), IFD_SUCCESS);
		start_talk();
		assert_int_equal(transmit_case1(0), cases[i].want);
		stop_talk();
		/* The card has gone with it, although it may still hold the line. */
		assert_true(driver_wait(&driver, 0, false, WAIT_MS));
		peer_stop(&hostile);
		assert_next_card_works();
	}
}

static void a_card_that_drips_is_slow_and_no_more(void **state)
{
	assert_true(peer_start(&hostile, PEER_DRIPS, port));
	assert_card_works(0);
	assert_int_equal(transmit_case1(0), IFD_SUCCESS);
	peer_stop(&hostile);
	assert_next_card_works();
}

static void what_nobody_asked_for_is_passed_over(void **state)
{
	assert_true(peer_start(&hostile, PEER_TALKS, port));
	assert_true(driver_wait(&driver, 0, true, WAIT_MS));
	while (!hostile.talked)
		usleep(1000);
	assert_card_works(0);
	assert_int_equal(transmit_case1(0), IFD_SUCCESS);
	peer_stop(&hostile);
	assert_next_card_works();
}

static void a_response_that_does_not_fit_is_no_data(void **state)
{
	UCHAR command[] = { 0x80, 0x30, 0x00, 0x00 }, small[258 + 1];
	SCARD_IO_HEADER pci = { 1, 0 };
	DWORD length = sizeof rx;

	assert_true(peer_start(&hostile, PEER_LONG_RESPONSE, port));
	assert_true(driver_wait(&driver, 0, true, WAIT_MS));
	assert_int_equal(power_up(0), IFD_SUCCESS);
	assert_int_equal(
	    driver.transmit_to_icc(0, pci, command, 4, rx, &length, NULL), IFD_SUCCESS);
	assert_int_equal(length, 65535);
	memset(small, 0xAA, sizeof small);
	length = 258;
	assert_int_equal(driver.transmit_to_icc(0, pci, command, 4, small, &length, NULL),
	    IFD_COMMUNICATION_ERROR);
	assert_int_equal(length, 0);
	assert_int_equal(small[258], 0xAA);
	peer_stop(&hostile);
	assert_next_card_works();
}

static void only_atrs_of_1_to_33_bytes_are_cards(void **state)
{
	static const size_t lengths[] = { 0, 1, 33, 34, 255, 65535 };
	static uint8_t atr[65535] = { 0x3B };

	for (size_t i = 0; i < COUNT(lengths); i++) {
		bool card = lengths[i] >= 1 && lengths[i] <= 33;

		print_message("# ATR of %zu bytes\n", lengths[i]);
		assert_true(peer_start_atr(&hostile, bytes_of(atr, lengths[i]), port));
		if (card) {
			assert_true(driver_wait(&driver, 0, true, WAIT_MS));
			assert_int_equal(power_up(0), IFD_SUCCESS);
		} else {
			assert_false(driver_wait(&driver, 0, true, 200));
			assert_int_equal(power_up(0), IFD_ERROR_POWER_ACTION);
		}
		peer_stop(&hostile);
		assert_next_card_works();
	}
}

static void a_connection_that_says_nothing_is_no_card(void **state)
{
	int64_t before;

	assert_true(peer_start(&hostile, PEER_MUTE, port));
	start_talk();
	before = clock_now();
	assert_false(driver_wait(&driver, 0, true, 300));
	/* Asking and trying do not hang either. */
	assert_int_equal(driver.icc_presence(0), IFD_ICC_NOT_PRESENT);
	assert_in_range(clock_now() - before, 0, 8000); /* its ATR is waited for for 10 s */
	stop_talk();
	peer_stop(&hostile);
	assert_next_card_works();
}

static void hundreds_of_bad_cards_cost_nothing(void **state)
{
	unsigned before = 0;

	for (unsigned i = 0; i < 300; i++) {
		static const enum peer_kind kinds[] = { PEER_CLOSES_AT_ONCE, PEER_ONE_BYTE,
			PEER_CLOSES, PEER_CUT_MESSAGE };

		/* The first rounds may fill caches. */
		if (i == 20)
			before = count_descriptors();
		if (!peer_start(&hostile, kinds[i % COUNT(kinds)], port))
			continue;
		if (i % COUNT(kinds) != 0) {
			assert_true(driver_wait(&driver, 0, true, WAIT_MS));
			assert_int_equal(power_up(0), IFD_SUCCESS);
			assert_int_equal(transmit_case1(0), IFD_COMMUNICATION_ERROR);
		}
		peer_stop(&hostile);
		assert_true(driver_wait(&driver, 0, false, WAIT_MS));
	}
	assert_int_equal(count_descriptors(), before);
	assert_next_card_works();
}

static int setup(void **state)
{
	char name[64];

	port = peer_free_ports(VPCDSLOTS);
	(void)snprintf(name, sizeof name, "/dev/null:%u?timeout=%d", (unsigned)port, LIMIT_S);
	if (driver_open(&driver, 0, name) != IFD_SUCCESS ||
	    driver_open(&driver, OTHER, name) != IFD_SUCCESS ||
	    !peer_start(&neighbour, PEER_CARD, (uint16_t)(port + OTHER)))
		return -1;
	return driver_wait(&driver, OTHER, true, WAIT_MS) && power_up(OTHER) == IFD_SUCCESS ? 0
	                                                                                    : -1;
}

static int teardown(void **state)
{
	bool closed =
	    driver.close_channel(0) == IFD_SUCCESS && driver.close_channel(OTHER) == IFD_SUCCESS;

	peer_stop(&neighbour);
	return closed ? 0 : -1;
}

static int load(void **state)
{
	return driver_load(&driver, getenv("DRIVER")) ? 0 : -1;
}

static int unload(void **state)
{
	driver_unload(&driver);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(commands_fail_and_are_never_data),
		TEST(a_card_that_drips_is_slow_and_no_more),
		TEST(what_nobody_asked_for_is_passed_over),
		TEST(a_response_that_does_not_fit_is_no_data),
		TEST(only_atrs_of_1_to_33_bytes_are_cards),
		TEST(a_connection_that_says_nothing_is_no_card),
		TEST(hundreds_of_bad_cards_cost_nothing),
	};

	if (getenv("DRIVER") == NULL) {
		fputs("DRIVER names the driver to test\n", stderr);
		return 99;
	}
	return cmocka_run_group_tests(tests, load, unload);
}
