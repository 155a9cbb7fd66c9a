/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The objects of MSE:Set AT. What is read lies inside. */
#include "auth/authentication_template.h"
#include "check.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = bytes_of(data, len);
	struct authentication_template t;
	struct authentication_files files;
	uint32_t number;

	if (!authentication_template_parse(in, &t))
		return 0;
	CHECK(check_inside(in, t.protocol) && check_inside(in, t.public_key));
	CHECK(check_inside(in, t.private_key) && check_inside(in, t.auxiliary));
	CHECK(check_inside(in, t.ephemeral) && check_inside(in, t.extensions));
	CHECK(check_inside(in, t.context) && check_inside(in, t.reference));
	CHECK(!t.has_chat || t.chat.type < CHAT_TYPES);
	CHECK(authentication_protocol_of(t.protocol) <= AUTHENTICATION_PSC);
	if (authentication_number(t.public_key, &number))
		CHECK(t.public_key.len <= sizeof number);
	if (authentication_session(t.context, &number))
		CHECK(t.context.len >= 3);
	if (authentication_files_parse(t.reference, &files))
		CHECK(check_inside(in, files.fids) && files.fids.len % 2 == 0);
	return 0;
}
