/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* COMPARE (ISO/IEC 7816-4): whether data of a transparent EF is what the terminal has. P1, P2 and the data
 * field are those of the odd UPDATE BINARY: a file, an offset 54 and the data 53 or 73. Nothing leaves the
 * card, but it counts as reading. */
#include "base/secret.h"
#include "cards/iso7816/iso7816.h"
#include "fs/transparent.h"

enum sw compare(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct binary_request request;
	struct bytes data;
	enum sw sw = binary_decode(apdu, &request);

	if (sw != SW_OK)
		return sw;
	if (request.has_end || request.data.len == 0)
		return SW_WRONG_DATA;
	sw = transparent_read(card_target_file(card), request.offset, request.data.len, &data);
	if (sw != SW_OK)
		return sw;
	return secret_equal(data, request.data) ? SW_OK : SW_COMPARISON_FAILED;
}
