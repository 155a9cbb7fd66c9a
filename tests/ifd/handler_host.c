/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives a reader driver and the handler_test card in it through the four cases of ISO/IEC 7816-3, 12.1,
 * in the manner of PCSC-Lite's driver tester, and with its options. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"
#include "driver.h"
#include "iso7816/atr.h"

#define LUN 0
#define CARD_WAIT_MS 10000
#define BUFFER_SIZE 65536

struct options {
	const char *library, *device;
	uint64_t channel, delay;
	bool cases[5]; /* of 1 to 4 */
	bool apdu, tpdu, full, verbose;
};

struct host {
	struct driver driver;
	struct options options;
	DWORD protocol;
	unsigned long n_exchanges;
	UCHAR tx[BUFFER_SIZE], rx[BUFFER_SIZE], want[BUFFER_SIZE];
};

/* The driver's log, which it would otherwise send to syslog. The level is set once, before it is loaded. */
EXPORT void log_msg(const int priority, const char *format, ...) PRINTF_LIKE(2, 3);

static int shown_priority = 2; /* pcscd's for errors */

EXPORT void log_msg(const int priority, const char *format, ...)
{
	va_list arguments;

	if (priority < shown_priority)
		return;
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

/* Where the tester stops by itself unless -f is given, and where the forms end. */
#define SHORT_MAX 255
static const size_t extended_lengths[] = { 256, 257, 1000, 4096, 32767, 32768, 65526 };

/* One exchange. */

static bool complain(const char *what, RESPONSECODE code)
{
	fprintf(stderr, "handler_host: %s: failed with %ld\n", what, (long)code);
	return false;
}

static void count_up(UCHAR *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (UCHAR)i;
}

/* Sends the len bytes in tx and compares the answer with n bytes that count up and the status word. */
static bool exchange(struct host *host, const char *what, size_t len, size_t n, unsigned sw)
{
	SCARD_IO_HEADER send = { host->protocol, 0 }, received = { 99, 0 };
	DWORD got = sizeof host->rx;
	RESPONSECODE code;

	count_up(host->want, n);
	host->want[n] = (UCHAR)(sw >> 8);
	host->want[n + 1] = (UCHAR)sw;
	host->n_exchanges++;
	code = host->driver.transmit_to_icc(
	    LUN, send, host->tx, (DWORD)len, host->rx, &got, &received);
	if (host->options.verbose)
		printf("%s: %zu bytes sent, %lu received\n", what, len, (unsigned long)got);
	if (code != IFD_SUCCESS)
		return complain(what, code);
	if (got != n + 2 || memcmp(host->rx, host->want, got) != 0) {
		fprintf(stderr, "handler_host: %s: %lu bytes came, wanted were %zu and %04X\n",
		    what, (unsigned long)got, n, sw);
		return false;
	}
	if (received.Protocol != host->protocol)
		return complain("protocol of the response", (RESPONSECODE)received.Protocol);
	return true;
}

/* Writes a command of class 80 to tx: P1 and P2 hold p, then come lc bytes of data and, unless it is 0,
 * Le; in extended form when it has to be. Returns its length. */
static size_t command(struct host *host, unsigned ins, size_t p, size_t lc, size_t le)
{
	bool extended = lc > SHORT_MAX || le > SHORT_MAX + 1;
	UCHAR *tx = host->tx;
	size_t len = 4;

	tx[0] = 0x80;
	tx[1] = (UCHAR)ins;
	tx[2] = (UCHAR)(p >> 8);
	tx[3] = (UCHAR)p;
	if (extended)
		tx[len++] = 0;
	if (lc > 0 && extended)
		tx[len++] = (UCHAR)(lc >> 8);
	if (lc > 0)
		tx[len++] = (UCHAR)lc;
	count_up(tx + len, lc);
	len += lc;
	if (le > 0 && extended)
		tx[len++] = (UCHAR)(le >> 8);
	if (le > 0)
		tx[len++] = (UCHAR)le;
	return len;
}

/* The cases. */

static bool case1(struct host *host)
{
	size_t len = command(host, 0x30, 0, 0, 0);

	if (host->options.apdu && !exchange(host, "case 1, APDU", len, 0, 0x9000))
		return false;
	host->tx[len] = 0; /* P3 */
	return !host->options.tpdu || exchange(host, "case 1, TPDU", len + 1, 0, 0x9000);
}

static bool case2(struct host *host, size_t n)
{
	return exchange(host, "case 2", command(host, 0x34, n, 0, n), n, 0x9000);
}

static bool case3(struct host *host, size_t n)
{
	return exchange(host, "case 3", command(host, 0x32, 0, n, 0), 0, 0x9000);
}

static bool case4_tpdu(struct host *host, size_t lc, size_t n)
{
	if (!exchange(host, "case 4, TPDU", command(host, 0x36, n, lc, 0), 0, 0x6100 + (unsigned)n))
		return false;
	return exchange(host, "case 4, GET RESPONSE", command(host, 0xC0, 0, 0, n), n, 0x9000);
}

static bool case4_apdu(struct host *host, size_t lc, size_t n)
{
	return exchange(host, "case 4, APDU", command(host, 0x36, n, lc, n), n, 0x9000);
}

/* Cases 2 to 4 with the short lengths: the largest only, or all of them. */
static bool short_lengths(struct host *host)
{
	const struct options *o = &host->options;

	for (size_t n = o->full ? 1 : SHORT_MAX; n <= SHORT_MAX; n++) {
		if (o->cases[2] && !case2(host, n))
			return false;
		if (o->cases[3] && !case3(host, n))
			return false;
		if (o->cases[4] && o->tpdu && !case4_tpdu(host, n, 256 - n))
			return false;
		if (o->cases[4] && o->apdu && !case4_apdu(host, n, 256 - n))
			return false;
	}
	return true;
}

/* TPDUs have no extended form. */
static bool extended_forms(struct host *host)
{
	const struct options *o = &host->options;

	for (size_t i = 0; i < COUNT(extended_lengths) && o->full && o->apdu; i++) {
		size_t n = extended_lengths[i];

		if (o->cases[2] && !case2(host, n))
			return false;
		if (o->cases[3] && !case3(host, n))
			return false;
		if (o->cases[4] && !case4_apdu(host, n, n))
			return false;
	}
	return true;
}

static bool select_applet(struct host *host)
{
	static const UCHAR select[] = { 0x00, 0xA4, 0x04, 0x00, 0x06, 0xA0, 0x00, 0x00, 0x00, 0x18,
		0xFF };

	memcpy(host->tx, select, sizeof select);
	return exchange(host, "select", sizeof select, 0, 0x9000);
}

/* A card may take its time; the reader waits. */
static bool time_extension(struct host *host)
{
	size_t len = command(host, 0x38, host->options.delay, 0, 0);
	int64_t before = clock_now();

	if (!exchange(host, "time extension", len, 0, 0x9000))
		return false;
	if (host->options.verbose)
		printf("time extension: %lld ms\n", (long long)(clock_now() - before));
	return true;
}

/* The reader. */

static bool open_reader(struct host *host)
{
	RESPONSECODE code;

	if (host->options.device != NULL)
		code = driver_open(&host->driver, LUN, host->options.device);
	else
		code = host->driver.create_channel(LUN, (DWORD)host->options.channel);
	return code == IFD_SUCCESS || complain("opening", code);
}

static bool choose_protocol(struct host *host, struct bytes bytes)
{
	struct atr atr;
	RESPONSECODE code;

	if (atr_parse(bytes, &atr) < 0)
		return complain("ATR", 0);
	host->protocol = (atr.protocols & ATR_T1) != 0 ? 1 : 0;
	code = host->driver.set_protocol_parameters(
	    LUN, host->protocol == 1 ? SCARD_PROTOCOL_T1 : SCARD_PROTOCOL_T0, 0, 0, 0, 0);
	return code == IFD_SUCCESS || complain("protocol", code);
}

static bool power_up(struct host *host)
{
	UCHAR atr[MAX_ATR_SIZE];
	DWORD length = sizeof atr;
	RESPONSECODE code;

	if (!driver_wait(&host->driver, LUN, true, CARD_WAIT_MS))
		return complain("waiting for a card", IFD_ICC_NOT_PRESENT);
	code = host->driver.power_icc(LUN, IFD_RESET, atr, &length);
	if (code != IFD_SUCCESS)
		return complain("power", code);
	if (host->options.verbose)
		printf("ATR of %lu bytes\n", (unsigned long)length);
	return choose_protocol(host, bytes_of(atr, length));
}

static bool run_card(struct host *host)
{
	RESPONSECODE code;

	if (!power_up(host) || !select_applet(host) || !time_extension(host) ||
	    (host->options.cases[1] && !case1(host)) || !short_lengths(host) ||
	    !extended_forms(host))
		return false;
	code = host->driver.power_icc(LUN, IFD_POWER_DOWN, NULL, NULL);
	return code == IFD_SUCCESS || complain("power down", code);
}

static bool run(struct host *host)
{
	bool well;

	if (!driver_load(&host->driver, host->options.library))
		return false;
	well = open_reader(host);
	if (well) {
		well = run_card(host);
		if (host->driver.close_channel(LUN) != IFD_SUCCESS)
			well = complain("closing", IFD_COMMUNICATION_ERROR);
	}
	driver_unload(&host->driver);
	return well;
}

static void usage(FILE *out)
{
	fputs("usage: handler_host [-1234AfTv] [-c channel] [-d device] [-t delay] -l driver\n"
	      "  -l driver   the driver to load\n"
	      "  -d device   the device to open, as in reader.conf\n"
	      "  -c channel  the channel to open instead, as CHANNELID in reader.conf\n"
	      "  -1 to -4    the cases to test (all)\n"
	      "  -A, -T      in the form of APDUs, of TPDUs (both)\n"
	      "  -f          with every length, and in extended form\n"
	      "  -t delay    how long the card is to take for the time extension (1)\n"
	      "  -v          say more\n",
	    out);
}

static bool number(const char *text, uint64_t max, uint64_t *out)
{
	if (number_parse(text, max, out))
		return true;
	fprintf(stderr, "handler_host: \"%s\" is not a number from 0 to %llu\n", text,
	    (unsigned long long)max);
	return false;
}

static bool parse_option(int option, struct options *o)
{
	switch (option) {
	case '1':
	case '2':
	case '3':
	case '4':
		o->cases[option - '0'] = true;
		return true;
	case 'A':
		o->apdu = true;
		return true;
	case 'T':
		o->tpdu = true;
		return true;
	case 'f':
		o->full = true;
		return true;
	case 'v':
		o->verbose = true;
		return true;
	case 'l':
		o->library = optarg;
		return true;
	case 'd':
		o->device = optarg;
		return true;
	case 'c':
		return number(optarg, UINT32_MAX, &o->channel);
	case 't':
		return number(optarg, 255, &o->delay);
	default:
		return false;
	}
}

static bool parse_options(int argc, char **argv, struct options *o)
{
	int option;

	*o = (struct options){ .channel = 0x8C7B, .delay = 1 };
	while ((option = getopt(argc, argv, "1234ATfvl:d:c:t:")) != -1)
		if (!parse_option(option, o))
			return false;
	if (!o->cases[1] && !o->cases[2] && !o->cases[3] && !o->cases[4])
		memset(o->cases, true, sizeof o->cases);
	if (!o->apdu && !o->tpdu)
		o->apdu = o->tpdu = true;
	return o->library != NULL && optind == argc;
}

int main(int argc, char **argv)
{
	static struct host host;

	if (!parse_options(argc, argv, &host.options)) {
		usage(stderr);
		return 2;
	}
	if (host.options.verbose)
		shown_priority = 0;
	if (!run(&host))
		return 1;
	printf("handler_host: %lu exchanges went well\n", host.n_exchanges);
	return 0;
}
