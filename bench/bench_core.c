/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PC/SC manager alone, in process, over a card that answers at once: nanoseconds for an APDU. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "bench.h"
#include "pcsc/manager.h"

#define COUNT_WARM 10000
#define COUNT_MEASURED 1000000

static const uint8_t atr_bytes[] = { 0x3B, 0x80, 0x80, 0x01, 0x01 };
static const uint8_t done[] = { 0x90, 0x00 };

/* A card that is always there, with nothing that would be measured besides: no lock on the way of an APDU. Its
 * wait ends only by interruption. */
struct instant {
	pthread_mutex_t lock;
	pthread_cond_t woken;
	bool interrupted;
};

static unsigned card(void *self, struct writer *atr)
{
	if (atr != NULL)
		writer_put(atr, BYTES_OF_ARRAY(atr_bytes));
	return 1;
}

static int power(void *self, bool on)
{
	return 0;
}

static int reset(void *self)
{
	return 0;
}

static int get_atr(void *self, struct writer *out)
{
	writer_put(out, BYTES_OF_ARRAY(atr_bytes));
	return 0;
}

static int transmit(void *self, struct bytes command, struct writer *response)
{
	writer_put(response, BYTES_OF_ARRAY(done));
	return 0;
}

static int wait_change(void *self, unsigned known, int timeout_ms)
{
	struct instant *instant = self;

	pthread_mutex_lock(&instant->lock);
	while (!instant->interrupted)
		pthread_cond_wait(&instant->woken, &instant->lock);
	instant->interrupted = false;
	pthread_mutex_unlock(&instant->lock);
	return ERR_INTERRUPTED;
}

static void interrupt(void *self)
{
	struct instant *instant = self;

	pthread_mutex_lock(&instant->lock);
	instant->interrupted = true;
	pthread_cond_signal(&instant->woken);
	pthread_mutex_unlock(&instant->lock);
}

static void close_instant(void *self)
{
}

static const struct reader_backend backend = {
	.card = card,
	.power = power,
	.reset = reset,
	.atr = get_atr,
	.transmit = transmit,
	.wait = wait_change,
	.interrupt = interrupt,
	.shut = interrupt,
	.close = close_instant,
};

static bool run(struct pcsc_context *context, int32_t handle, unsigned count)
{
	static const uint8_t command[] = { 0x00, 0xA4, 0x00, 0x0C };
	uint8_t memory[258];
	struct writer response;

	for (unsigned i = 0; i < count; i++) {
		writer_init(&response, memory, sizeof(memory));
		if (pcsc_transmit(context, handle, PCSC_PROTOCOL_T1, BYTES_OF_ARRAY(command),
		        &response) != PCSC_OK)
			return false;
	}
	return true;
}

int main(void)
{
	static struct instant instant = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER,
		false };
	const struct pcsc_waiting waiting = { .turn_ms = -1, .call_ms = -1 };
	struct pcsc *pcsc = pcsc_new();
	struct pcsc_connection connection;
	struct pcsc_context *context;
	uint64_t start;

	if (pcsc == NULL ||
	    pcsc_add_reader_take(pcsc, "instant", slot_new_take(&backend, &instant)) != 0 ||
	    pcsc_establish(pcsc, PCSC_SCOPE_SYSTEM, &waiting, &context) != PCSC_OK ||
	    pcsc_connect(context, "instant", PCSC_SHARE_SHARED, PCSC_PROTOCOL_T1, &connection) !=
	        PCSC_OK ||
	    !run(context, connection.card, COUNT_WARM))
		return EXIT_FAILURE;
	start = now_ns();
	if (!run(context, connection.card, COUNT_MEASURED))
		return EXIT_FAILURE;
	printf("%.1f\n", (double)(now_ns() - start) / COUNT_MEASURED);
	pcsc_release(context);
	pcsc_free(pcsc);
	return EXIT_SUCCESS;
}
