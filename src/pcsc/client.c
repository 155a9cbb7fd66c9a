/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One client of the PC/SC service: reads its requests, has the manager carry them out, answers
 * (pcsc/protocol.h). All of it happens in the client's own thread, but for the event that a client which
 * watches is sent: that comes from the thread that brings it about.
 *
 * Requests come in up to three pieces (header, body, APDU), each its own send(). All that has arrived is
 * read at once; answer and response go out with one send(). */
#include "pcsc/client.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/net.h"
#include "base/secret.h"
#include "pcsc/protocol.h"

#define BODY_MAX sizeof(struct protocol_attribute)
#define INPUT_MAX (sizeof(struct protocol_header) + BODY_MAX + PROTOCOL_DATA_MAX)

/* How long a begin of a transaction, a transmit, status or reconnect waits here for another's transaction.
 * The client library asks again by itself, unless its user does not want it to wait
 * (PCSCLITE_NO_BLOCKING); in between its other threads get their turn, which may be what ends the
 * transaction. */
#define CALL_LIMIT_MS 100

struct client {
	struct pcsc *pcsc;
	int fd;
	struct pcsc_context *context; /* NULL: none is established */
	pthread_mutex_t events;       /* guards the three below */
	bool holding;                 /* an event has to wait until the states have been sent */
	bool has_event;
	uint32_t event;
	size_t used;        /* bytes of the input that have been read from the socket */
	size_t taken;       /* of those, bytes that have been handed out */
	size_t input_used;  /* at most, so far: what has to be wiped */
	size_t output_used; /* the same */
	union {             /* the body of the request, which becomes that of the answer */
		struct protocol_version version;
		struct protocol_establish establish;
		struct protocol_release release;
		struct protocol_connect connect;
		struct protocol_reconnect reconnect;
		struct protocol_disconnect disconnect;
		struct protocol_begin begin;
		struct protocol_transmit transmit;
		struct protocol_control control;
		struct protocol_attribute attribute;
	} body;
	uint8_t input[INPUT_MAX];
	uint8_t output[BODY_MAX + PROTOCOL_DATA_MAX];
};

/* Reads until n bytes are there behind what was taken, and hands them out. */
static int take(struct client *client, size_t n, struct bytes *out)
{
	if (client->taken == client->used)
		client->taken = client->used = 0;
	while (client->used - client->taken < n) {
		ssize_t got;

		if (n > INPUT_MAX - client->taken) { /* make room */
			client->used -= client->taken;
			memmove(client->input, client->input + client->taken, client->used);
			client->taken = 0;
		}
		got = recv(client->fd, client->input + client->used, INPUT_MAX - client->used, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return ERR_CLOSED;
		client->used += (size_t)got;
		if (client->used > client->input_used)
			client->input_used = client->used;
	}
	*out = bytes_of(client->input + client->taken, n);
	client->taken += n;
	return 0;
}

/* Sends all, waiting for a slow client if need be: only its own thread waits. */
static int send_all(int fd, struct bytes out)
{
	while (out.len > 0) {
		ssize_t sent = send(fd, out.data, out.len, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return ERR_CLOSED;
		out = bytes_after(out, (size_t)sent);
	}
	return 0;
}

static int answer(struct client *client, struct bytes out)
{
	return send_all(client->fd, out);
}

/* Answers with the first size bytes of the body. */
static int answer_body(struct client *client, size_t size)
{
	return answer(client, bytes_of((const uint8_t *)&client->body, size));
}

/* Answers with size bytes of the body and data_len bytes that lie in the output behind room for it. */
static int answer_with_data(struct client *client, size_t size, size_t data_len)
{
	memcpy(client->output, &client->body, size);
	if (size + data_len > client->output_used)
		client->output_used = size + data_len;
	return answer(client, bytes_of(client->output, size + data_len));
}

/* Whether the application has closed its end while it waits for us: asked by the manager. */
static bool has_gone(void *arg)
{
	const struct client *client = arg;

	return net_hung_up(client->fd);
}

/* Never waits: a client that does not read its socket, which has room for many events, is cut off. */
static void send_event_now(const struct client *client, uint32_t result)
{
	const struct protocol_event event = { .result = result };

	if (send(client->fd, &event, sizeof event, MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof event)
		(void)shutdown(client->fd, SHUT_RDWR);
}

/* Tells a client that watches; called by the manager. */
static void send_event(void *arg, uint32_t result)
{
	struct client *client = arg;

	(void)pthread_mutex_lock(&client->events);
	if (client->holding) {
		client->has_event = true;
		client->event = result;
	} else {
		send_event_now(client, result);
	}
	(void)pthread_mutex_unlock(&client->events);
}

static int version(struct client *client)
{
	struct protocol_version *body = &client->body.version;
	bool fits = body->major == PROTOCOL_MAJOR && body->minor >= PROTOCOL_MINOR_OLDEST &&
	    body->minor <= PROTOCOL_MINOR;

	body->result = fits ? PCSC_OK : PCSC_E_SERVICE_STOPPED;
	body->major = PROTOCOL_MAJOR;
	if (!fits)
		body->minor = PROTOCOL_MINOR;
	return answer_body(client, sizeof *body);
}

static int establish(struct client *client)
{
	struct protocol_establish *body = &client->body.establish;
	const struct pcsc_waiting waiting = {
		.turn_ms = -1,
		.call_ms = CALL_LIMIT_MS,
		.gone = has_gone,
		.arg = client,
	};

	if (client->context != NULL) /* the client library has drawn this number once already */
		pcsc_release(client->context);
	client->context = NULL;
	body->result = pcsc_establish(client->pcsc, body->scope, &waiting, &client->context);
	if (body->result == PCSC_OK)
		body->context = (uint32_t)pcsc_context_id(client->context);
	return answer_body(client, sizeof *body);
}

static int release(struct client *client)
{
	struct protocol_release *body = &client->body.release;

	if (client->context == NULL ||
	    body->context != (uint32_t)pcsc_context_id(client->context)) {
		body->result = PCSC_E_INVALID_HANDLE;
	} else {
		pcsc_release(client->context);
		client->context = NULL;
		body->result = PCSC_OK;
	}
	return answer_body(client, sizeof *body);
}

static int connect_card(struct client *client)
{
	struct protocol_connect *body = &client->body.connect;
	struct pcsc_connection connection = { 0 };

	body->reader[sizeof body->reader - 1] = '\0';
	if (client->context == NULL || body->context != (uint32_t)pcsc_context_id(client->context))
		body->result = PCSC_E_INVALID_HANDLE;
	else
		body->result = pcsc_connect(
		    client->context, body->reader, body->share, body->protocols, &connection);
	body->card = connection.card;
	body->protocol = connection.protocol;
	return answer_body(client, sizeof *body);
}

static int reconnect(struct client *client)
{
	struct protocol_reconnect *body = &client->body.reconnect;
	struct pcsc_connection connection = { .card = body->card };

	body->result = pcsc_reconnect(
	    client->context, body->share, body->protocols, body->initialization, &connection);
	body->protocol = connection.protocol;
	return answer_body(client, sizeof *body);
}

static int disconnect(struct client *client)
{
	struct protocol_disconnect *body = &client->body.disconnect;

	body->result = pcsc_disconnect(client->context, body->card, body->disposition);
	return answer_body(client, sizeof *body);
}

static int begin_transaction(struct client *client)
{
	struct protocol_begin *body = &client->body.begin;

	body->result = pcsc_begin_transaction(client->context, body->card);
	return answer_body(client, sizeof *body);
}

static int end_transaction(struct client *client)
{
	struct protocol_disconnect *body = &client->body.disconnect;

	body->result = pcsc_end_transaction(client->context, body->card, body->disposition);
	return answer_body(client, sizeof *body);
}

/* A response that is longer than the application takes is not sent, only its length. */
static uint32_t check_length(uint32_t result, const struct writer *out, uint32_t max)
{
	return result == PCSC_OK && out->len > max ? PCSC_E_INSUFFICIENT_BUFFER : result;
}

static int transmit(struct client *client)
{
	struct protocol_transmit *body = &client->body.transmit;
	struct bytes command;
	struct writer response;

	if (body->send_length > PROTOCOL_DATA_MAX || take(client, body->send_length, &command) < 0)
		return ERR_PROTOCOL;
	writer_init(&response, client->output + sizeof *body, PROTOCOL_DATA_MAX);
	body->result =
	    pcsc_transmit(client->context, body->card, body->send_protocol, command, &response);
	body->result = check_length(body->result, &response, body->receive_length);
	body->receive_protocol = body->send_protocol;
	body->receive_length = (uint32_t)response.len;
	return answer_with_data(client, sizeof *body, body->result == PCSC_OK ? response.len : 0);
}

static int control(struct client *client)
{
	struct protocol_control *body = &client->body.control;
	struct bytes in;
	struct writer out;

	if (body->send_length > PROTOCOL_DATA_MAX || take(client, body->send_length, &in) < 0)
		return ERR_PROTOCOL;
	writer_init(&out, client->output + sizeof *body, PROTOCOL_DATA_MAX);
	body->result = pcsc_control(client->context, body->card, body->code, in, &out);
	body->result = check_length(body->result, &out, body->receive_max);
	body->receive_length = (uint32_t)out.len;
	return answer_with_data(client, sizeof *body, body->result == PCSC_OK ? out.len : 0);
}

static int status(struct client *client)
{
	struct protocol_begin *body = &client->body.begin;

	body->result = pcsc_status(client->context, body->card, NULL);
	return answer_body(client, sizeof *body);
}

static int cancel(struct client *client)
{
	struct protocol_begin *body = &client->body.begin;

	body->result = pcsc_cancel(client->pcsc, body->card);
	return answer_body(client, sizeof *body);
}

static int get_attribute(struct client *client)
{
	struct protocol_attribute *body = &client->body.attribute;
	struct writer value;

	writer_init(&value, body->value,
	    body->length < sizeof body->value ? body->length : sizeof body->value);
	body->result = pcsc_get_attribute(client->context, body->card, body->attribute, &value);
	body->length = body->result == PCSC_OK ? (uint32_t)value.len : 0;
	return answer_body(client, sizeof *body);
}

static int set_attribute(struct client *client)
{
	struct protocol_attribute *body = &client->body.attribute;

	if (body->length > sizeof body->value)
		return ERR_PROTOCOL;
	body->result = pcsc_set_attribute(
	    client->context, body->card, body->attribute, bytes_of(body->value, body->length));
	return answer_body(client, sizeof *body);
}

static int get_states(struct client *client)
{
	struct pcsc_reader_state states[PCSC_READERS_MAX];

	pcsc_states(client->pcsc, states);
	return answer(client, bytes_of((const uint8_t *)states, sizeof states));
}

/* Registers and sends the states. An event that comes at once has to follow them. */
static int watch(struct client *client)
{
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	int r;

	(void)pthread_mutex_lock(&client->events);
	client->holding = true;
	(void)pthread_mutex_unlock(&client->events);
	pcsc_watch(client->context, send_event, client, states);
	r = answer(client, bytes_of((const uint8_t *)states, sizeof states));
	(void)pthread_mutex_lock(&client->events);
	client->holding = false;
	if (client->has_event)
		send_event_now(client, client->event);
	client->has_event = false;
	(void)pthread_mutex_unlock(&client->events);
	return r;
}

static int unwatch(struct client *client)
{
	const struct protocol_event event = { .result = PCSC_OK };

	if (!pcsc_unwatch(client->context))
		return 0; /* the event that has been sent is the answer */
	return answer(client, bytes_of((const uint8_t *)&event, sizeof event));
}

/* The list of our readers does not change. */
static int get_reader_events(struct client *client)
{
	const struct protocol_reader_events events = { .count = 0, .result = PCSC_OK };

	return answer(client, bytes_of((const uint8_t *)&events, sizeof events));
}

static int get_states_count(struct client *client)
{
	const int32_t count = PCSC_READERS_MAX;

	return answer(client, bytes_of((const uint8_t *)&count, sizeof count));
}

static const struct request {
	uint32_t command;
	size_t size; /* of the body */
	bool needs_context;
	int (*run)(struct client *client);
} requests[] = {
	{ PROTOCOL_TRANSMIT, sizeof(struct protocol_transmit), true, transmit },
	{ PROTOCOL_CONTROL, sizeof(struct protocol_control), true, control },
	{ PROTOCOL_BEGIN_TRANSACTION, sizeof(struct protocol_begin), true, begin_transaction },
	{ PROTOCOL_END_TRANSACTION, sizeof(struct protocol_disconnect), true, end_transaction },
	{ PROTOCOL_STATUS, sizeof(struct protocol_begin), true, status },
	{ PROTOCOL_ESTABLISH_CONTEXT, sizeof(struct protocol_establish), false, establish },
	{ PROTOCOL_RELEASE_CONTEXT, sizeof(struct protocol_release), false, release },
	{ PROTOCOL_CONNECT, sizeof(struct protocol_connect), false, connect_card },
	{ PROTOCOL_RECONNECT, sizeof(struct protocol_reconnect), true, reconnect },
	{ PROTOCOL_DISCONNECT, sizeof(struct protocol_disconnect), true, disconnect },
	{ PROTOCOL_CANCEL, sizeof(struct protocol_begin), false, cancel },
	{ PROTOCOL_GET_ATTRIBUTE, sizeof(struct protocol_attribute), true, get_attribute },
	{ PROTOCOL_SET_ATTRIBUTE, sizeof(struct protocol_attribute), true, set_attribute },
	{ PROTOCOL_VERSION, sizeof(struct protocol_version), false, version },
	{ PROTOCOL_GET_STATES, 0, false, get_states },
	{ PROTOCOL_WATCH, 0, true, watch },
	{ PROTOCOL_UNWATCH, 0, true, unwatch },
	{ PROTOCOL_GET_READER_EVENTS, 0, false, get_reader_events },
	{ PROTOCOL_GET_STATES_COUNT, 0, false, get_states_count },
	{ PROTOCOL_GET_STATES_ARRAY, 0, false, get_states },
};

static const struct request *find_request(const struct protocol_header *header)
{
	for (size_t i = 0; i < COUNT(requests); i++)
		if (requests[i].command == header->command && requests[i].size == header->size)
			return &requests[i];
	return NULL;
}

/* Reads, carries out and answers one request. */
static int serve_one(struct client *client)
{
	struct protocol_header header;
	const struct request *request;
	struct bytes taken;
	int r = take(client, sizeof header, &taken);

	if (r < 0)
		return r;
	memcpy(&header, taken.data, sizeof header);
	request = find_request(&header);
	if (request == NULL || (request->needs_context && client->context == NULL))
		return ERR_PROTOCOL;
	r = take(client, request->size, &taken);
	if (r < 0)
		return r;
	if (taken.len > 0)
		memcpy(&client->body, taken.data, taken.len);
	return request->run(client);
}

int client_serve(struct pcsc *pcsc, int fd)
{
	struct client *client = calloc(1, sizeof *client);
	int r = 0;

	if (client == NULL || pthread_mutex_init(&client->events, NULL) != 0) {
		free(client);
		return ERR_NO_MEMORY;
	}
	client->pcsc = pcsc;
	client->fd = fd;
	while (r == 0)
		r = serve_one(client);
	if (client->context != NULL)
		pcsc_release(client->context);
	(void)pthread_mutex_destroy(&client->events);
	secret_wipe(client->input, client->input_used);
	secret_wipe(client->output, client->output_used);
	secret_wipe(&client->body, sizeof client->body);
	free(client);
	return 0;
}
