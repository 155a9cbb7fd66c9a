/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secure messaging, the terminal's side (ISO/IEC 7816-4, 10; BSI TR-03110-3, F): the data objects are made here, what
 * is secret about them by libeac. */
#include "channel.h"

#include <stdio.h>

#define CLA_SECURE 0x0C

static struct blob padded(EAC_CTX *eac, struct blob plain)
{
	BUF_MEM *mem = mem_of(plain);
	struct blob blob = take(EAC_add_iso_pad(eac, mem), "pad");

	BUF_MEM_free(mem);
	return blob;
}

/* 87: an indicator of padding (01), then the cryptogram. */
static struct blob cryptogram(EAC_CTX *eac, struct blob plain)
{
	BUF_MEM *mem = mem_of(padded(eac, plain));
	struct blob encrypted = take(EAC_encrypt(eac, mem), "encrypt");

	BUF_MEM_free(mem);
	return tlv(0x87, blob_join(blob_of("\x01", 1), encrypted));
}

static struct blob expected_length(size_t ne)
{
	unsigned char le[2] = { (unsigned char)(ne >> 8), (unsigned char)ne };

	return tlv(0x97, ne > 0x100 ? blob_of(le, 2) : blob_of(le + 1, 1));
}

struct command secure_wrap(EAC_CTX *eac, struct command plain)
{
	unsigned char header[] = { (unsigned char)(plain.cla | CLA_SECURE), plain.ins, plain.p1,
		plain.p2 };
	bool extended = plain.data.len > 0xFF || plain.ne > 0x100;
	struct blob objects = { NULL, 0 }, input = padded(eac, blob_of(header, sizeof header)), mac;
	BUF_MEM *mem;

	if (EAC_increment_ssc(eac) != 1)
		fail_crypto("the counter");
	if (plain.data.len > 0)
		objects = cryptogram(eac, plain.data);
	if (plain.ne > 0)
		objects = blob_join(objects, expected_length(plain.ne));
	/* Without data objects the header's block is all there is. */
	if (objects.len > 0)
		input = blob_join(input, padded(eac, objects));
	mem = mem_of(input);
	mac = take(EAC_authenticate(eac, mem), "authenticate");
	BUF_MEM_free(mem);
	plain.cla |= CLA_SECURE;
	plain.data = blob_join(objects, tlv(0x8E, mac));
	plain.ne = extended || plain.data.len > 0xFF ? 0x10000 : 0x100;
	return plain;
}

static void verify(EAC_CTX *eac, struct blob objects, struct blob mac)
{
	BUF_MEM *data = mem_of(padded(eac, objects)), *checksum = mem_of(mac);

	if (EAC_verify_authentication(eac, data, checksum) != 1)
		fail_crypto("the checksum of an answer is wrong");
	BUF_MEM_free(data);
	BUF_MEM_free(checksum);
}

static struct blob decrypt(EAC_CTX *eac, struct blob object)
{
	BUF_MEM *mem, *plain;
	struct blob blob;

	if (object.len < 2 || object.data[0] != 0x01)
		fail("a cryptogram without its indicator of padding");
	mem = mem_of((struct blob){ object.data + 1, object.len - 1 });
	plain = EAC_decrypt(eac, mem);
	if (plain == NULL)
		fail_crypto("decrypt");
	blob = take(EAC_remove_iso_pad(plain), "remove the padding");
	BUF_MEM_free(mem);
	BUF_MEM_free(plain);
	return blob;
}

struct answer secure_unwrap(EAC_CTX *eac, struct answer answer)
{
	struct blob rest = answer.data, protected = { NULL, 0 }, value, data, status;
	struct blob mac = tlv_need(answer.data, 0x8E, "an answer under secure messaging");
	unsigned int tag, sw;

	while (tlv_next(&rest, &tag, &value) && tag != 0x8E)
	protected = (struct blob){ answer.data.data, (size_t)(rest.data - answer.data.data) };
	if (EAC_increment_ssc(eac) != 1)
		fail_crypto("the counter");
	verify(eac, protected, mac);
	data = tlv_find(protected, 0x87);
	status = tlv_need(protected, 0x99, "an answer under secure messaging");
	if (status.len != 2)
		fail("a status of %zu bytes", status.len);
	sw = (unsigned int)status.data[0] << 8 | status.data[1];
	if (sw != answer.sw)
		fail("status %04X inside and %04X outside", sw, answer.sw);
	return (struct answer){ data.data != NULL ? decrypt(eac, data) : data, sw };
}
