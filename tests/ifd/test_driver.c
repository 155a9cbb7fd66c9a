/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The driver as pcscd sees it: loaded, driven by its exported functions, with well-behaved cards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "captured_log.h"
#include "config.h"
#include "driver.h"
#include "peer.h"

#define WAIT_MS 5000
#define LUN(reader, slot) ((DWORD)(reader) << 16 | (DWORD)(slot))

static struct driver driver;
static struct peer peers[4];
static UCHAR rx[65536 + 2];

static void name_of_port(char name[64], const char *host, unsigned port)
{
	(void)snprintf(name, 64, "%s:%u", host, port);
}

static uint16_t open_reader(DWORD reader)
{
	uint16_t port = peer_free_ports(VPCDSLOTS);
	char name[64];

	name_of_port(name, "/dev/null", port);
	for (DWORD slot = 0; slot < VPCDSLOTS; slot++)
		assert_int_equal(driver_open(&driver, LUN(reader, slot), name), IFD_SUCCESS);
	return port;
}

static void close_reader(DWORD reader)
{
	for (DWORD slot = 0; slot < VPCDSLOTS; slot++)
		assert_int_equal(driver.close_channel(LUN(reader, slot)), IFD_SUCCESS);
}

static void insert(struct peer *peer, DWORD lun, uint16_t port)
{
	assert_true(peer_start(peer, PEER_CARD, port));
	assert_true(driver_wait(&driver, lun, true, WAIT_MS));
}

static void power_up(DWORD lun)
{
	UCHAR atr[MAX_ATR_SIZE];
	DWORD length = sizeof atr;

	assert_int_equal(driver.power_icc(lun, IFD_POWER_UP, atr, &length), IFD_SUCCESS);
	assert_int_equal(length, peer_default_atr.len);
	assert_memory_equal(atr, peer_default_atr.data, length);
}

static RESPONSECODE transmit(DWORD lun, const void *command, size_t len, DWORD *rx_length)
{
	static UCHAR tx[1 << 17];
	SCARD_IO_HEADER pci = { 1, 0 };

	memcpy(tx, command, len);
	*rx_length = sizeof rx;
	return driver.transmit_to_icc(lun, pci, tx, (DWORD)len, rx, rx_length, NULL);
}

static void assert_case1_works(DWORD lun)
{
	DWORD length;

	assert_int_equal(transmit(lun, "\x80\x30\x00\x00", 4, &length), IFD_SUCCESS);
	assert_int_equal(length, 2);
	assert_memory_equal(rx, "\x90\x00", 2);
}

/* Opening. */

static void every_device_name_is_accepted_or_explained(void **state)
{
	static const char *const bad[] = { "/dev/null:", "/dev/null:abc", "/dev/null:70000",
		"/dev/null:65536", "/dev/null:0", "/dev/null:-1", "/dev/null: 35963", ":35963",
		"2001:db8::1:35963", "/dev/null:35963?timeout=x", "/dev/null:35963?nonsense=1" };
	char name[64], why[128];

	for (size_t i = 0; i < COUNT(bad); i++) {
		captured_log_clear();
		assert_int_not_equal(driver_open(&driver, LUN(0, 0), bad[i]), IFD_SUCCESS);
		assert_true(captured_log_has(
		    CAPTURED_ERROR, "Could not initialize connection to virtual ICC"));
		(void)snprintf(why, sizeof why, "DEVICENAME \"%s\": ", bad[i]);
		assert_true(captured_log_has(CAPTURED_ERROR, why));
	}
	static const char *const hosts[] = { "/dev/null", "*", "127.0.0.1", "localhost", "[::1]" };
	for (size_t i = 0; i < COUNT(hosts); i++) {
		name_of_port(name, hosts[i], peer_free_ports(VPCDSLOTS));
		assert_int_equal(driver_open(&driver, LUN(0, 0), name), IFD_SUCCESS);
		assert_int_equal(driver.close_channel(LUN(0, 0)), IFD_SUCCESS);
	}
}

static void numbers_of_ports_may_be_hexadecimal_or_octal(void **state)
{
	static const char *const formats[] = { "/dev/null:0x%X", "/dev/null:0%o", "/dev/null:%u" };
	char name[64];

	for (size_t i = 0; i < COUNT(formats); i++) {
		uint16_t port = peer_free_ports(VPCDSLOTS);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(name, sizeof name, formats[i], (unsigned)port);
#pragma GCC diagnostic pop
		assert_int_equal(driver_open(&driver, LUN(0, 0), name), IFD_SUCCESS);
		insert(&peers[0], LUN(0, 0), port);
		peer_stop(&peers[0]);
		assert_int_equal(driver.close_channel(LUN(0, 0)), IFD_SUCCESS);
	}
}

static void a_channel_number_is_a_port(void **state)
{
	uint16_t port = peer_free_ports(VPCDSLOTS);

	assert_int_equal(driver.create_channel(LUN(0, 1), port), IFD_SUCCESS);
	insert(&peers[0], LUN(0, 1), (uint16_t)(port + 1));
	peer_stop(&peers[0]);
	assert_int_equal(driver.close_channel(LUN(0, 1)), IFD_SUCCESS);

	captured_log_clear();
	assert_int_equal(driver.create_channel(LUN(0, 0), 0), IFD_COMMUNICATION_ERROR);
	assert_int_equal(driver.create_channel(LUN(0, 0), 65536), IFD_COMMUNICATION_ERROR);
	assert_int_equal(
	    driver.create_channel(LUN(0, 0), 65536 - VPCDSLOTS + 1), IFD_COMMUNICATION_ERROR);
	assert_true(captured_log_has(CAPTURED_ERROR, "CHANNELID 65536: "));
}

static void a_port_in_use_is_said(void **state)
{
	uint16_t port = open_reader(0);
	char name[64], why[64];

	name_of_port(name, "/dev/null", port);
	captured_log_clear();
	assert_int_equal(driver_open(&driver, LUN(1, 0), name), IFD_COMMUNICATION_ERROR);
	(void)snprintf(why, sizeof why, "port %u: Address already in use", (unsigned)port);
	assert_true(captured_log_has(CAPTURED_ERROR, why));

	/* A slot that is open already stays as it is. */
	name_of_port(name, "/dev/null", peer_free_ports(VPCDSLOTS));
	assert_int_equal(driver_open(&driver, LUN(0, 0), name), IFD_COMMUNICATION_ERROR);
	insert(&peers[0], LUN(0, 0), port);
	peer_stop(&peers[0]);
	close_reader(0);
}

static void listening_is_on_loopback_only(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	uint16_t port = open_reader(0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	/* Another address of this machine's loopback network is not listened on. */
	address.sin_port = htons(port);
	assert_int_equal(inet_pton(AF_INET, "127.0.0.2", &address.sin_addr), 1);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), -1);
	close(fd);
	close_reader(0);
}

static void the_log_has_the_lines_people_look_for(void **state)
{
	char line[128];
	uint16_t port;

	captured_log_clear();
	port = open_reader(0);
	(void)snprintf(line, sizeof line, "Waiting for virtual ICC on port %u", port + 1U);
	assert_true(captured_log_has(CAPTURED_INFO, line));
	insert(&peers[0], LUN(0, 0), port);
	(void)snprintf(
	    line, sizeof line, "Connected to virtual ICC on localhost port %u", (unsigned)port);
	assert_true(captured_log_has(CAPTURED_INFO, line));
	peer_stop(&peers[0]);
	assert_true(driver_wait(&driver, LUN(0, 0), false, WAIT_MS));
	assert_true(captured_log_has(CAPTURED_INFO, "Virtual ICC removed"));
	close_reader(0);
}

/* Arguments. */

static void luns_that_are_not_open_are_refused(void **state)
{
	static const unsigned long luns[] = { LUN(0, 0), LUN(0, VPCDSLOTS), LUN(0, 0xFFFF),
		LUN(15, 0), LUN(16, 0), LUN(0xFFFF, 0), 0xFFFFFFFF };
	SCARD_IO_HEADER pci = { 1, 0 };
	UCHAR buffer[64] = { 0 };
	DWORD length, zero = 0;

	for (size_t i = 0; i < COUNT(luns); i++) {
		DWORD lun = (DWORD)luns[i];

		length = sizeof buffer;
		assert_int_equal(driver.icc_presence(lun), IFD_COMMUNICATION_ERROR);
		assert_int_equal(driver.close_channel(lun), IFD_COMMUNICATION_ERROR);
		assert_int_not_equal(
		    driver.power_icc(lun, IFD_POWER_UP, buffer, &length), IFD_SUCCESS);
		assert_int_equal(length, 0);
		length = sizeof buffer;
		assert_int_not_equal(
		    driver.get_capabilities(lun, TAG_IFD_ATR, &length, buffer), IFD_SUCCESS);
		assert_int_equal(length, 0);
		length = sizeof buffer;
		assert_int_not_equal(
		    driver.transmit_to_icc(lun, pci, buffer, 5, buffer, &length, &pci),
		    IFD_SUCCESS);
		assert_int_equal(length, 0);
		length = 7;
		assert_int_not_equal(driver.control(lun, CM_IOCTL_GET_FEATURE_REQUEST, buffer, zero,
		                         buffer, sizeof buffer, &length),
		    IFD_SUCCESS);
		assert_int_equal(length, 0);
		assert_int_not_equal(
		    driver.set_protocol_parameters(lun, SCARD_PROTOCOL_T1, 0, 0, 0, 0),
		    IFD_SUCCESS);
	}
	captured_log_clear();
	assert_int_not_equal(driver_open(&driver, LUN(0, VPCDSLOTS), "/dev/null:1"), IFD_SUCCESS);
	assert_int_not_equal(driver_open(&driver, LUN(16, 0), "/dev/null:1"), IFD_SUCCESS);
	assert_true(captured_log_has(CAPTURED_ERROR, "There is no reader 16, slot 0"));
}

static void null_pointers_are_refused(void **state)
{
	uint16_t port = open_reader(0);
	SCARD_IO_HEADER pci = { 1, 0 };
	UCHAR buffer[64] = { 0x80, 0x30 };
	DWORD length = sizeof buffer;

	insert(&peers[0], 0, port);
	assert_int_not_equal(driver.create_channel_by_name(LUN(0, 1), NULL), IFD_SUCCESS);
	assert_int_not_equal(driver.get_capabilities(0, TAG_IFD_ATR, NULL, buffer), IFD_SUCCESS);
	assert_int_not_equal(driver.get_capabilities(0, TAG_IFD_ATR, &length, NULL), IFD_SUCCESS);
	assert_int_not_equal(driver.power_icc(0, IFD_POWER_UP, NULL, &length), IFD_SUCCESS);
	assert_int_not_equal(driver.power_icc(0, IFD_POWER_UP, buffer, NULL), IFD_SUCCESS);
	assert_int_equal(driver.power_icc(0, IFD_POWER_DOWN, NULL, NULL), IFD_SUCCESS);
	power_up(0);
	length = sizeof buffer;
	assert_int_not_equal(
	    driver.transmit_to_icc(0, pci, NULL, 4, buffer, &length, NULL), IFD_SUCCESS);
	assert_int_equal(length, 0);
	length = sizeof buffer;
	assert_int_not_equal(
	    driver.transmit_to_icc(0, pci, buffer, 4, NULL, &length, NULL), IFD_SUCCESS);
	assert_int_equal(length, 0);
	assert_int_not_equal(
	    driver.transmit_to_icc(0, pci, buffer, 4, buffer, NULL, NULL), IFD_SUCCESS);
	assert_int_equal(driver.control(0, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, buffer, 64, NULL),
	    IFD_COMMUNICATION_ERROR);
	assert_int_equal(
	    driver.control(0, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, NULL, 64, &length),
	    IFD_COMMUNICATION_ERROR);
	assert_int_equal(length, 0);
	assert_case1_works(0);
	peer_stop(&peers[0]);
	close_reader(0);
}

/* Attributes and features. */

static void attributes_fit_or_say_what_they_need(void **state)
{
	static const struct {
		unsigned long tag;
		const char *value;
		size_t len;
	} want[] = {
		{ TAG_IFD_THREAD_SAFE, "\x01", 1 },
		{ TAG_IFD_SLOT_THREAD_SAFE, "\x01", 1 },
		{ TAG_IFD_SIMULTANEOUS_ACCESS, "\x10", 1 },
		{ TAG_IFD_POLLING_THREAD_KILLABLE, "\x00", 1 },
		{ SCARD_ATTR_VENDOR_NAME, "Virtual Smart Card Architecture", 32 },
		{ SCARD_ATTR_VENDOR_IFD_TYPE, "Virtual PCD", 12 },
		{ SCARD_ATTR_VENDOR_IFD_SERIAL_NO, "VPCD-00-01", 11 },
		{ SCARD_ATTR_ICC_PRESENCE, "\x02", 1 },
		{ SCARD_ATTR_ICC_INTERFACE_STATUS, "\x01", 1 },
		{ SCARD_ATTR_ICC_TYPE_PER_ATR, "\x01", 1 },
		{ SCARD_ATTR_ATR_STRING, NULL, 0 },
		{ TAG_IFD_ATR, NULL, 0 },
	};
	uint16_t port = open_reader(0);
	UCHAR buffer[64];
	DWORD length;

	insert(&peers[0], LUN(0, 1), (uint16_t)(port + 1));
	power_up(LUN(0, 1));
	for (size_t i = 0; i < COUNT(want); i++) {
		struct bytes value = want[i].value == NULL
		    ? peer_default_atr
		    : bytes_of((const uint8_t *)want[i].value, want[i].len);

		/* The exact size fits, and one byte less is told and left alone. */
		memset(buffer, 0xAA, sizeof buffer);
		length = (DWORD)value.len;
		assert_int_equal(
		    driver.get_capabilities(LUN(0, 1), (DWORD)want[i].tag, &length, buffer),
		    IFD_SUCCESS);
		assert_int_equal(length, value.len);
		assert_memory_equal(buffer, value.data, value.len);
		assert_int_equal(buffer[value.len], 0xAA);
		memset(buffer, 0xAA, sizeof buffer);
		length = (DWORD)value.len - 1;
		assert_int_equal(
		    driver.get_capabilities(LUN(0, 1), (DWORD)want[i].tag, &length, buffer),
		    IFD_ERROR_INSUFFICIENT_BUFFER);
		assert_int_equal(length, value.len);
		assert_int_equal(buffer[0], 0xAA);
	}
	length = sizeof buffer;
	assert_int_equal(
	    driver.get_capabilities(0, TAG_IFD_SLOTS_NUMBER, &length, buffer), IFD_SUCCESS);
	assert_int_equal(length, 1);
	assert_int_equal(buffer[0], VPCDSLOTS);
	length = sizeof buffer;
	assert_int_equal(driver.get_capabilities(0, 0x12345, &length, buffer), IFD_ERROR_TAG);
	assert_int_equal(length, sizeof buffer); /* pcscd needs it for the reader's name */
	assert_int_equal(driver.set_capabilities(0, TAG_IFD_ATR, 1, buffer), IFD_NOT_SUPPORTED);
	peer_stop(&peers[0]);
	close_reader(0);
}

static uint32_t get_number(DWORD lun, unsigned long tag)
{
	uint32_t value = 0;
	DWORD length = sizeof value;
	UCHAR buffer[sizeof value];

	assert_int_equal(driver.get_capabilities(lun, (DWORD)tag, &length, buffer), IFD_SUCCESS);
	assert_int_equal(length, sizeof value);
	memcpy(&value, buffer, sizeof value);
	return value;
}

static void numeric_attributes_are_true(void **state)
{
	uint16_t port = open_reader(3);

	assert_int_equal(get_number(LUN(3, 0), SCARD_ATTR_DEVICE_UNIT), 3);
	assert_int_equal(get_number(LUN(3, 0), SCARD_ATTR_CHANNEL_ID), 0x00F00000 + port);
	assert_int_equal(get_number(LUN(3, 1), SCARD_ATTR_CHANNEL_ID), 0x00F00001 + port);
	assert_int_equal(get_number(LUN(3, 0), SCARD_ATTR_ASYNC_PROTOCOL_TYPES), 3);
	assert_int_equal(get_number(LUN(3, 0), SCARD_ATTR_MAXINPUT), 65535);
	assert_int_equal(get_number(LUN(3, 0), SCARD_ATTR_CHARACTERISTICS), 0);
	assert_int_not_equal(get_number(LUN(3, 0), SCARD_ATTR_POWER_MGMT_SUPPORT), 0);
	assert_int_equal(get_number(LUN(3, 0), SCARD_ATTR_VENDOR_IFD_VERSION) >> 24,
	    (unsigned)strtoul(VERSION, NULL, 10));
	close_reader(3);
}

static void attributes_of_a_missing_card_are_refused(void **state)
{
	static const unsigned long tags[] = { TAG_IFD_ATR, SCARD_ATTR_ATR_STRING,
		SCARD_ATTR_CURRENT_PROTOCOL_TYPE, SCARD_ATTR_ICC_TYPE_PER_ATR };
	UCHAR buffer[64];
	DWORD length;

	open_reader(0);
	for (size_t i = 0; i < COUNT(tags); i++) {
		length = sizeof buffer;
		assert_int_equal(driver.get_capabilities(0, (DWORD)tags[i], &length, buffer),
		    IFD_ICC_NOT_PRESENT);
		assert_int_equal(length, 0);
	}
	length = sizeof buffer;
	assert_int_equal(
	    driver.get_capabilities(0, SCARD_ATTR_ICC_PRESENCE, &length, buffer), IFD_SUCCESS);
	assert_int_equal(buffer[0], 0);
	close_reader(0);
}

static void features_are_told(void **state)
{
	static const struct {
		unsigned long code;
		uint8_t want[6];
	} controls[] = {
		{ CM_IOCTL_GET_FEATURE_REQUEST, { 0x12, 0x04, 0x42, 0x33, 0x00, 0x12 } },
		{ 0x42330012, { 0x0A, 0x04, 0xF6, 0xFF, 0x00, 0x00 } },
	};
	UCHAR buffer[16];
	DWORD length;

	open_reader(0);
	for (size_t i = 0; i < COUNT(controls); i++) {
		DWORD code = (DWORD)controls[i].code;

		memset(buffer, 0xAA, sizeof buffer);
		assert_int_equal(driver.control(0, code, NULL, 0, buffer, 6, &length), IFD_SUCCESS);
		assert_int_equal(length, 6);
		assert_memory_equal(buffer, controls[i].want, 6);
		assert_int_equal(buffer[6], 0xAA);
		memset(buffer, 0xAA, sizeof buffer);
		assert_int_equal(driver.control(0, code, NULL, 0, buffer, 5, &length),
		    IFD_ERROR_INSUFFICIENT_BUFFER);
		assert_int_equal(length, 0);
		assert_int_equal(buffer[0], 0xAA);
	}
	length = 5;
	assert_int_equal(
	    driver.control(0, 0x42000000, NULL, 0, buffer, 16, &length), IFD_ERROR_NOT_SUPPORTED);
	assert_int_equal(length, 0);
	close_reader(0);
}

/* Power and protocol. */

static void power_goes_up_and_down(void **state)
{
	uint16_t port = open_reader(0);
	UCHAR atr[MAX_ATR_SIZE];
	DWORD length = sizeof atr;

	assert_int_equal(driver.power_icc(0, IFD_POWER_UP, atr, &length), IFD_ERROR_POWER_ACTION);
	assert_int_equal(length, 0);
	assert_int_equal(driver.power_icc(0, IFD_POWER_DOWN, atr, &length), IFD_SUCCESS);

	insert(&peers[0], 0, port);
	power_up(0);
	assert_case1_works(0);
	length = sizeof atr;
	assert_int_equal(driver.power_icc(0, IFD_RESET, atr, &length), IFD_SUCCESS);
	assert_int_equal(length, peer_default_atr.len);
	length = sizeof atr;
	assert_int_equal(driver.power_icc(0, IFD_POWER_DOWN, atr, &length), IFD_SUCCESS);
	assert_int_equal(length, 0);
	assert_int_equal(atr[0], 0);
	assert_int_not_equal(transmit(0, "\x80\x30\x00\x00", 4, &length), IFD_SUCCESS);
	assert_int_equal(length, 0);
	assert_int_equal(driver.power_icc(0, 4711, atr, &length), IFD_NOT_SUPPORTED);

	/* A reset of a card without power is a power-up. */
	length = 0;
	assert_int_equal(driver.power_icc(0, IFD_RESET, atr, &length), IFD_SUCCESS);
	assert_int_equal(length, peer_default_atr.len);
	assert_case1_works(0);
	length = (DWORD)peer_default_atr.len - 1;
	memset(atr, 0xAA, sizeof atr);
	assert_int_equal(
	    driver.power_icc(0, IFD_POWER_UP, atr, &length), IFD_ERROR_INSUFFICIENT_BUFFER);
	assert_int_equal(atr[0], 0xAA);
	peer_stop(&peers[0]);
	assert_int_equal(peers[0].resets, 1);
	assert_int_equal(peers[0].power_ups, 3);
	close_reader(0);
}

static void the_protocol_is_what_the_atr_offers(void **state)
{
	static const struct {
		const char *name;
		const char *atr;
		size_t len;
		RESPONSECODE t0, t1;
		DWORD first;
	} cases[] = {
		{ "no TD1: T=0 alone", "\x3B\x00", 2, IFD_SUCCESS, IFD_PROTOCOL_NOT_SUPPORTED, 0 },
		{ "TD1 T=1", "\x3B\x80\x01\x81", 4, IFD_PROTOCOL_NOT_SUPPORTED, IFD_SUCCESS, 1 },
		{ "TD1 T=0, TD2 T=1", "\x3B\x80\x80\x01\x01", 5, IFD_SUCCESS, IFD_SUCCESS, 0 },
		{ "both offered, TA2 fixes T=1", "\x3B\x80\x90\x01\x01\x10", 6,
		    IFD_PROTOCOL_NOT_SUPPORTED, IFD_SUCCESS, 1 },
		{ "cannot be read", "\x3B\xFF\xFF", 3, IFD_SUCCESS, IFD_SUCCESS, 1 },
	};
	uint16_t port = open_reader(0);
	SCARD_IO_HEADER send = { 1, 0 }, received;
	UCHAR atr[MAX_ATR_SIZE], command[] = { 0x80, 0x30, 0, 0 };
	DWORD length;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct bytes card = bytes_of((const uint8_t *)cases[i].atr, cases[i].len);

		print_message("# %s\n", cases[i].name);
		assert_true(peer_start_atr(&peers[0], card, port));
		assert_true(driver_wait(&driver, 0, true, WAIT_MS));
		length = sizeof atr;
		assert_int_equal(driver.power_icc(0, IFD_POWER_UP, atr, &length), IFD_SUCCESS);
		length = sizeof rx;
		assert_int_equal(
		    driver.transmit_to_icc(0, send, command, 4, rx, &length, &received),
		    IFD_SUCCESS);
		assert_int_equal(received.Protocol, cases[i].first);
		assert_int_equal(
		    driver.set_protocol_parameters(0, SCARD_PROTOCOL_T0, 0, 0, 0, 0), cases[i].t0);
		assert_int_equal(
		    driver.set_protocol_parameters(0, SCARD_PROTOCOL_T1, 0, 0, 0, 0), cases[i].t1);
		if (cases[i].t1 == IFD_SUCCESS) {
			length = sizeof rx;
			assert_int_equal(
			    driver.transmit_to_icc(0, send, command, 4, rx, &length, &received),
			    IFD_SUCCESS);
			assert_int_equal(received.Protocol, 1);
			assert_int_equal(get_number(0, SCARD_ATTR_CURRENT_PROTOCOL_TYPE), 2);
		}
		assert_int_equal(
		    driver.set_protocol_parameters(0, 4, 0, 0, 0, 0), IFD_PROTOCOL_NOT_SUPPORTED);
		peer_stop(&peers[0]);
		assert_true(driver_wait(&driver, 0, false, WAIT_MS));
	}
	assert_int_equal(
	    driver.set_protocol_parameters(0, SCARD_PROTOCOL_T0, 0, 0, 0, 0), IFD_ICC_NOT_PRESENT);
	close_reader(0);
}

/* Commands. */

static size_t make_command(uint8_t *out, unsigned ins, size_t n, size_t lc, size_t le)
{
	bool extended = lc > 255 || le > 256;
	size_t len = 4;

	memcpy(out, (uint8_t[]){ 0x80, (uint8_t)ins, (uint8_t)(n >> 8), (uint8_t)n }, 4);
	if (extended)
		out[len++] = 0;
	if (lc > 0) {
		if (extended)
			out[len++] = (uint8_t)(lc >> 8);
		out[len++] = (uint8_t)lc;
		memset(out + len, 0x5A, lc);
		len += lc;
	}
	if (le > 0) {
		if (extended)
			out[len++] = (uint8_t)(le >> 8);
		out[len++] = (uint8_t)le;
	}
	return len;
}

static void exchange(unsigned ins, size_t n, size_t lc, size_t le)
{
	static uint8_t command[1 << 17];
	size_t answered = ins == 0x32 ? 0 : n;
	DWORD length;

	assert_int_equal(
	    transmit(0, command, make_command(command, ins, n, lc, le), &length), IFD_SUCCESS);
	assert_int_equal(length, answered + 2);
	for (size_t i = 0; i < answered; i++)
		assert_true(rx[i] == (uint8_t)i);
	assert_memory_equal(rx + answered, "\x90\x00", 2);
}

static void all_cases_in_all_lengths(void **state)
{
	static const size_t long_lengths[] = { 257, 1023, 4096, 16384, 32767, 32768, 65532, 65533 };
	uint16_t port = open_reader(0);

	insert(&peers[0], 0, port);
	power_up(0);
	assert_case1_works(0);
	for (size_t n = 1; n <= 256; n++) {
		exchange(0x34, n, 0, n);
		if (n < 256)
			exchange(0x32, 0, n, 0);
		if (n < 256)
			exchange(0x36, 256 - n, n, 256 - n);
	}
	for (size_t i = 0; i < COUNT(long_lengths); i++) {
		size_t n = long_lengths[i], lc = n < 65526 ? n : 65526;

		exchange(0x34, n, 0, n);
		exchange(0x32, 0, lc, 0);
		exchange(0x36, n, lc, n);
	}
	peer_stop(&peers[0]);
	close_reader(0);
}

static void too_much_is_refused_and_never_cut(void **state)
{
	static uint8_t command[1 << 17];
	uint16_t port = open_reader(0);
	SCARD_IO_HEADER pci = { 1, 0 };
	UCHAR small[258 + 1];
	DWORD length;

	insert(&peers[0], 0, port);
	power_up(0);
	/* 65535 bytes are the most a message holds. */
	memcpy(command, "\x80\x32\x00\x00\x00\xFF\xF8", 7);
	assert_int_equal(transmit(0, command, 65535, &length), IFD_SUCCESS);
	assert_int_equal(transmit(0, command, 65536, &length), IFD_COMMUNICATION_ERROR);
	assert_int_equal(length, 0);
	assert_case1_works(0);

	/* A response that does not fit the buffer is no data; the card stays in step. */
	memcpy(command, "\x80\x34\x01\x01\x00\x01\x01", 7);
	memset(small, 0xAA, sizeof small);
	length = 258;
	assert_int_not_equal(
	    driver.transmit_to_icc(0, pci, command, 7, small, &length, NULL), IFD_SUCCESS);
	assert_int_equal(length, 0);
	assert_int_equal(small[258], 0xAA);
	peer_stop(&peers[0]);
	close_reader(0);
}

static void commands_that_are_too_short_are_answered_by_the_reader(void **state)
{
	static const uint8_t control_codes[] = { 0x00, 0x01, 0x02, 0x04 };
	uint16_t port = open_reader(0);
	DWORD length;

	insert(&peers[0], 0, port);
	power_up(0);
	for (size_t i = 0; i < sizeof control_codes; i++) {
		assert_int_equal(transmit(0, &control_codes[i], 1, &length), IFD_SUCCESS);
		assert_int_equal(length, 2);
		assert_memory_equal(rx, "\x67\x00", 2);
	}
	assert_int_equal(transmit(0, "", 0, &length), IFD_SUCCESS);
	assert_memory_equal(rx, "\x67\x00", 2);
	assert_case1_works(0);
	peer_stop(&peers[0]);
	assert_int_equal(peers[0].resets, 0);
	close_reader(0);
}

static void a_slow_answer_is_waited_for(void **state)
{
	uint16_t port = open_reader(0);
	int64_t before;
	DWORD length;

	insert(&peers[0], 0, port);
	power_up(0);
	before = clock_now();
	assert_int_equal(transmit(0, "\x80\x38\x00\xFF", 4, &length), IFD_SUCCESS);
	assert_in_range(clock_now() - before, 250, 10000);
	peer_stop(&peers[0]);
	close_reader(0);
}

/* Several at a time. */

static void two_readers_of_two_slots_are_four_cards(void **state)
{
	static const char *const atrs[] = { "\x3B\x00", "\x3B\x01\xAA", "\x3B\x02\xAA\xBB",
		"\x3B\x03\xAA\xBB\xCC" };
	uint16_t ports[2] = { open_reader(0), open_reader(1) };
	UCHAR atr[MAX_ATR_SIZE];
	DWORD length;

	if (VPCDSLOTS < 2)
		skip();
	for (size_t i = 0; i < 4; i++) {
		const struct bytes card = bytes_of((const uint8_t *)atrs[i], 2 + i);
		DWORD lun = LUN(i / 2, i % 2);

		assert_int_equal(driver.icc_presence(lun), IFD_ICC_NOT_PRESENT);
		assert_true(peer_start_atr(&peers[i], card, (uint16_t)(ports[i / 2] + i % 2)));
		assert_true(driver_wait(&driver, lun, true, WAIT_MS));
	}
	for (size_t i = 0; i < 4; i++) {
		length = sizeof atr;
		assert_int_equal(
		    driver.power_icc(LUN(i / 2, i % 2), IFD_POWER_UP, atr, &length), IFD_SUCCESS);
		assert_int_equal(length, 2 + i);
		assert_memory_equal(atr, atrs[i], length);
	}
	/* Each goes alone. */
	peer_stop(&peers[1]);
	assert_true(driver_wait(&driver, LUN(0, 1), false, WAIT_MS));
	assert_case1_works(LUN(0, 0));
	assert_case1_works(LUN(1, 0));
	assert_case1_works(LUN(1, 1));
	close_reader(0);
	assert_case1_works(LUN(1, 1));
	close_reader(1);
	peer_stop(&peers[0]);
	peer_stop(&peers[2]);
	peer_stop(&peers[3]);
}

static void the_driver_exports_its_interface_only(void **state)
{
	/* Names that every part of the product uses would clash in pcscd. */
	static const char *const hidden[] = { "slot_free", "channel_enter", "log_line",
		"polling_wait" };
	char line[256];
	int others = 0, found = 0;
	FILE *nm;

	(void)snprintf(line, sizeof line, "nm -D --defined-only '%s'", getenv("DRIVER"));
	nm = popen(line, "r");
	assert_non_null(nm);
	while (fgets(line, sizeof line, nm) != NULL) {
		if (strstr(line, " T IFDH") != NULL)
			found++;
		else if (strstr(line, "__") == NULL && strstr(line, " _") == NULL)
			others++;
		for (size_t i = 0; i < COUNT(hidden); i++)
			assert_null(strstr(line, hidden[i]));
	}
	pclose(nm);
	assert_int_equal(found, 10);
	assert_int_equal(others, 0);
}

/* A thread that waits for a name server cannot be stopped: it ends by itself, maybe after the reader has
 * been closed and the driver unloaded. Its code must still be there then. */
static void unloading_leaves_the_code_for_threads_that_still_run(void **state)
{
	void *library;

	driver_unload(&driver);
	library = dlopen(getenv("DRIVER"), RTLD_NOW | RTLD_NOLOAD);
	assert_true(driver_load(&driver, getenv("DRIVER")));
	assert_non_null(library);
	assert_int_equal(dlclose(library), 0);
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

/* What a failed test has left open must not make the others fail. */
static int close_all(void **state)
{
	for (DWORD i = 0; i < 4 * VPCDSLOTS; i++)
		(void)driver.close_channel(LUN(i / VPCDSLOTS, i % VPCDSLOTS));
	return 0;
}

#define TEST(name) cmocka_unit_test_teardown(name, close_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_device_name_is_accepted_or_explained),
		TEST(numbers_of_ports_may_be_hexadecimal_or_octal),
		TEST(a_channel_number_is_a_port),
		TEST(a_port_in_use_is_said),
		TEST(listening_is_on_loopback_only),
		TEST(the_log_has_the_lines_people_look_for),
		TEST(luns_that_are_not_open_are_refused),
		TEST(null_pointers_are_refused),
		TEST(attributes_fit_or_say_what_they_need),
		TEST(numeric_attributes_are_true),
		TEST(attributes_of_a_missing_card_are_refused),
		TEST(features_are_told),
		TEST(power_goes_up_and_down),
		TEST(the_protocol_is_what_the_atr_offers),
		TEST(all_cases_in_all_lengths),
		TEST(too_much_is_refused_and_never_cut),
		TEST(commands_that_are_too_short_are_answered_by_the_reader),
		TEST(a_slow_answer_is_waited_for),
		TEST(two_readers_of_two_slots_are_four_cards),
		TEST(the_driver_exports_its_interface_only),
		TEST(unloading_leaves_the_code_for_threads_that_still_run),
	};

	if (getenv("DRIVER") == NULL) {
		fputs("DRIVER names the driver to test\n", stderr);
		return 99;
	}
	return cmocka_run_group_tests(tests, load, unload);
}
