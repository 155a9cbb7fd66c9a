/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* APDUs in words, for logs. What may hold a PIN, password or key is never shown. */
#ifndef ISO7816_DESCRIBE_H
#define ISO7816_DESCRIBE_H

#include "base/bytes.h"
#include "iso7816/apdu.h"

#define DESCRIBE_LINE_SIZE 256   /* room for each line, NUL included */
#define DESCRIBE_LINES_MAX 100   /* of the data of one APDU; then the log says that there is more */
#define DESCRIBE_VALUE_MAX 64    /* bytes of a data object's value that are shown */
#define DESCRIBE_BYTES_A_LINE 32 /* of data that is not TLV */

/* Receives each line, without line end; the text is gone after the return. */
typedef void describe_sink(void *context, const char *line);

/* One line: "READ BINARY P1=00 P2=00 Nc=0 Ne=256", and the class byte in words unless it is 00; "90 bytes,
 * 9000 success". At most size bytes, NUL included; what does not fit is cut. Both return out. */
const char *describe_command(const struct apdu *command, char *out, size_t size);
const char *describe_response(const struct apdu_response *response, char *out, size_t size);

/* Data as a tree, a line a data object, two blanks more a level, if it is BER-TLV, else as plain bytes;
 * masked: the length and nothing else, since tags too may be a secret taken for TLV. No line for no data. */
void describe_data(struct bytes data, bool masked, describe_sink *sink, void *context);

/* The log of one card's conversation. */
struct describe {
	describe_sink *sink;
	void *context;
	bool with_data; /* not only one line an APDU, also the data fields */
	bool
	    secret; /* the last command was: its answer, also by GET RESPONSE, is not shown. False at first */
};

/* Describes a command, "> ...", or the answer to it, "< ...", from the bytes, well-formed or not. */
void describe_log_command(struct describe *d, struct bytes command);
void describe_log_response(struct describe *d, struct bytes response);

#endif
