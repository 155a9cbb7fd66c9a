/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The driver says that it is safe to call from many threads. Also run under ThreadSanitizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "config.h"
#include "driver.h"
#include "peer.h"

#define WAIT_MS 20000
#define THREADS 8
#define ROUNDS 300
#define EVENTS 20
#define READERS 2
#define SLOTS 2

static struct driver driver;
static struct peer peers[READERS * SLOTS];
static atomic_int failures;

static DWORD lun_of(unsigned i)
{
	return (DWORD)(i / SLOTS) << 16 | i % SLOTS;
}

static RESPONSECODE transmit(DWORD lun, const char *command)
{
	UCHAR tx[4], rx[16];
	DWORD length = sizeof rx;
	SCARD_IO_HEADER pci = { 1, 0 };

	memcpy(tx, command, sizeof tx);
	return driver.transmit_to_icc(lun, pci, tx, sizeof tx, rx, &length, &pci);
}

static RESPONSECODE power(DWORD lun, DWORD action)
{
	UCHAR atr[MAX_ATR_SIZE];
	DWORD length = sizeof atr;

	return driver.power_icc(lun, action, atr, &length);
}

static uint16_t open_reader(DWORD reader)
{
	uint16_t port = peer_free_ports(VPCDSLOTS);
	char name[64];

	(void)snprintf(name, sizeof name, "/dev/null:%u?timeout=30", (unsigned)port);
	for (DWORD slot = 0; slot < SLOTS; slot++)
		assert_int_equal(driver_open(&driver, reader << 16 | slot, name), IFD_SUCCESS);
	return port;
}

static void insert_and_power(unsigned i, uint16_t port, enum peer_kind kind)
{
	assert_true(peer_start(&peers[i], kind, (uint16_t)(port + i % SLOTS)));
	assert_true(driver_wait(&driver, lun_of(i), true, WAIT_MS));
	assert_int_equal(power(lun_of(i), IFD_POWER_UP), IFD_SUCCESS);
}

/* Hammering. */

static void use_everything(DWORD lun, unsigned round)
{
	UCHAR buffer[64];
	DWORD length = sizeof buffer, returned;

	if (transmit(lun, "\x80\x30\x00\x00") != IFD_SUCCESS)
		failures++;
	if (driver.icc_presence(lun) != IFD_ICC_PRESENT)
		failures++;
	if (driver.get_capabilities(lun, SCARD_ATTR_ATR_STRING, &length, buffer) != IFD_SUCCESS)
		failures++;
	if (driver.control(lun, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, buffer, sizeof buffer,
	        &returned) != IFD_SUCCESS)
		failures++;
	if (round % 16 == 0 && power(lun, IFD_RESET) != IFD_SUCCESS)
		failures++;
	if (round % 16 == 8 &&
	    driver.set_protocol_parameters(lun, SCARD_PROTOCOL_T1, 0, 0, 0, 0) != IFD_SUCCESS)
		failures++;
}

static void *hammer(void *arg)
{
	unsigned first = *(unsigned *)arg;

	for (unsigned round = 0; round < ROUNDS; round++)
		use_everything(lun_of((first + round) % (READERS * SLOTS)), round);
	return NULL;
}

static void eight_threads_use_four_slots(void **state)
{
	uint16_t ports[READERS] = { open_reader(0), open_reader(1) };
	pthread_t threads[THREADS];
	unsigned first[THREADS];

	for (unsigned i = 0; i < READERS * SLOTS; i++)
		insert_and_power(i, ports[i / SLOTS], PEER_CARD);
	failures = 0;
	for (unsigned i = 0; i < THREADS; i++) {
		first[i] = i;
		assert_int_equal(pthread_create(&threads[i], NULL, hammer, &first[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(failures, 0);
	for (unsigned i = 0; i < READERS * SLOTS; i++) {
		assert_int_equal(driver.close_channel(lun_of(i)), IFD_SUCCESS);
		peer_stop(&peers[i]);
	}
}

/* Opening and closing under load: errors are fine, crashes and hangs are not. */

static atomic_bool stop;

static void *use_whatever_is_there(void *arg)
{
	unsigned i = 0;

	while (!stop) {
		DWORD lun = lun_of(i++ % SLOTS);
		UCHAR buffer[64];
		DWORD length = sizeof buffer;
		polling_function *poll = driver_polling(&driver, lun);

		(void)driver.icc_presence(lun);
		(void)transmit(lun, "\x80\x30\x00\x00");
		(void)driver.get_capabilities(lun, TAG_IFD_ATR, &length, buffer);
		if (poll != NULL)
			(void)poll(lun, 5);
	}
	return NULL;
}

static void slots_come_and_go_under_load(void **state)
{
	pthread_t threads[4];

	stop = false;
	for (unsigned i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use_whatever_is_there, NULL), 0);
	for (unsigned round = 0; round < 40; round++) {
		uint16_t port = open_reader(0);

		assert_true(peer_start(&peers[0], PEER_CARD, port));
		(void)driver_wait(&driver, 0, true, 100);
		(void)power(0, IFD_POWER_UP);
		for (DWORD slot = 0; slot < SLOTS; slot++)
			assert_int_equal(driver.close_channel(slot), IFD_SUCCESS);
		peer_stop(&peers[0]);
	}
	stop = true;
	for (unsigned i = 0; i < COUNT(threads); i++)
		pthread_join(threads[i], NULL);
}

/* Ending waits. */

struct waiter {
	pthread_t thread;
	polling_function *poll;
	atomic_bool begun;
	RESPONSECODE code;
	int64_t ended;
};

static void *run_poll(void *arg)
{
	struct waiter *waiter = arg;

	waiter->begun = true;
	waiter->code = waiter->poll(0, 600000);
	waiter->ended = clock_now();
	return NULL;
}

static void *run_transmit(void *arg)
{
	struct waiter *waiter = arg;

	waiter->begun = true;
	waiter->code = transmit(0, "\x80\x30\x00\x00");
	waiter->ended = clock_now();
	return NULL;
}

static void start_waiter(struct waiter *waiter, void *(*function)(void *))
{
	waiter->begun = false;
	waiter->poll = driver_polling(&driver, 0);
	assert_non_null(waiter->poll);
	assert_int_equal(pthread_create(&waiter->thread, NULL, function, waiter), 0);
	while (!waiter->begun)
		usleep(100);
}

static void the_polling_thread_can_be_stopped(void **state)
{
	polling_stop_function *stop_polling;
	struct waiter waiter;
	int64_t before;

	(void)open_reader(0);
	stop_polling = driver_stop(&driver, 0);
	assert_non_null(stop_polling);

	/* Whether it waits already or is about to. */
	for (unsigned i = 0; i < 50; i++) {
		start_waiter(&waiter, run_poll);
		if (i % 2 == 1)
			usleep(2000);
		before = clock_now();
		assert_int_equal(stop_polling(0), IFD_SUCCESS);
		pthread_join(waiter.thread, NULL);
		assert_int_equal(waiter.code, IFD_SUCCESS);
		assert_in_range(waiter.ended - before, 0, WAIT_MS);
	}
	/* A stop ends one wait, not all that follow. */
	before = clock_now();
	assert_int_equal(driver_polling(&driver, 0)(0, 100), IFD_SUCCESS);
	assert_in_range(clock_now() - before, 100, WAIT_MS);
	for (DWORD slot = 0; slot < SLOTS; slot++)
		assert_int_equal(driver.close_channel(slot), IFD_SUCCESS);
}

static void closing_ends_every_wait(void **state)
{
	uint16_t port = open_reader(0);
	struct waiter poller, transmitter;
	int64_t before;

	insert_and_power(0, port, PEER_MUTE_TO_COMMAND);
	start_waiter(&poller, run_poll);
	start_waiter(&transmitter, run_transmit);
	usleep(20000); /* both are probably deep inside; either way closing ends them */
	before = clock_now();
	assert_int_equal(driver.close_channel(0), IFD_SUCCESS);
	assert_in_range(clock_now() - before, 0, WAIT_MS);
	pthread_join(poller.thread, NULL);
	pthread_join(transmitter.thread, NULL);
	assert_int_not_equal(transmitter.code, IFD_SUCCESS);
	assert_int_equal(driver.close_channel(1), IFD_SUCCESS);
	peer_stop(&peers[0]);
}

static void coming_and_going_wakes_the_poller(void **state)
{
	uint16_t port = open_reader(0);
	unsigned late = 0;
	struct waiter waiter;

	assert_int_equal(driver.icc_presence(0), IFD_ICC_NOT_PRESENT);
	for (unsigned i = 0; i < EVENTS; i++) {
		int64_t before;

		start_waiter(&waiter, run_poll);
		usleep(2000);
		before = clock_now();
		if (i % 2 == 0)
			assert_true(peer_start(&peers[0], PEER_CARD, port));
		else
			peer_stop(&peers[0]);
		pthread_join(waiter.thread, NULL);
		late += waiter.ended - before > 200;
		assert_int_equal(
		    driver.icc_presence(0), i % 2 == 0 ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT);
	}
	/* Who only looked again and again, as pcscd does after 400 ms, would be late every other time. */
	print_message("# %u of %d events came late\n", late, EVENTS);
	assert_in_range(late, 0, EVENTS / 4);
	for (DWORD slot = 0; slot < SLOTS; slot++)
		assert_int_equal(driver.close_channel(slot), IFD_SUCCESS);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eight_threads_use_four_slots),
		cmocka_unit_test(slots_come_and_go_under_load),
		cmocka_unit_test(the_polling_thread_can_be_stopped),
		cmocka_unit_test(closing_ends_every_wait),
		cmocka_unit_test(coming_and_going_wakes_the_poller),
	};

	if (getenv("DRIVER") == NULL) {
		fputs("DRIVER names the driver to test\n", stderr);
		return 99;
	}
	return cmocka_run_group_tests(tests, load, unload);
}
