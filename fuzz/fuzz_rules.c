/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access rules of a file, asked about by somebody. The first byte says which form the rules have, the second
 * which operation, the third what has been proved; the rest are the rules. Malformed ones allow nothing,
 * and what is never covered by a mode is not allowed by a mode. */
#include "check.h"
#include "fs/fs.h"
#include "fs/records.h"
#include "fs/rules.h"
#include "fuzz.h"

#define INPUT_MAX 4096
#define MEMORY 20000

static bool proved(
    void *self, const struct file *df, enum rules_credential credential, int reference)
{
	const uint8_t *what = self;

	CHECK(df != NULL && reference >= RULES_ANY_REFERENCE && reference <= 0xFF);
	return (*what & (credential == RULES_KEY ? 1 : 2)) != 0;
}

static bool protects(void *self, unsigned protection)
{
	const uint8_t *what = self;

	CHECK(protection > 0 && protection <= 15);
	return (*what & 4) != 0;
}

/* The rules in record 1 of EF.ARR, as those of the other forms are in the file itself. */
static void put_into_arr(struct fs *fs, struct bytes rules, struct fs_parameters *ef)
{
	static const uint8_t reference[] = { 0x01 };
	struct fs_parameters parameters = { .descriptor = FCP_DESCRIPTOR_LINEAR_VARIABLE,
		.fid = RULES_FID_ARR,
		.size = INPUT_MAX,
		.record_size = INPUT_MAX,
		.max_records = 1 };
	struct file *arr = NULL;

	CHECK(fs_create(fs, fs_mf(fs), &parameters, &arr) == 0);
	CHECK(records_append(arr, rules) == SW_OK);
	ef->attributes[FILE_SECURITY_REFERENCE] = BYTES_OF_ARRAY(reference);
}

static bool make(struct fs *fs, uint8_t form, struct bytes rules, struct file **out)
{
	struct fs_parameters parameters = { .descriptor = FCP_DESCRIPTOR_TRANSPARENT, .fid = 1 };
	bool valid = rules_expanded_are_valid(rules);

	if (form == 0) {
		parameters.attributes[FILE_SECURITY_COMPACT] = rules;
		valid = rules_compact_are_valid(rules);
	} else if (form == 1) {
		parameters.attributes[FILE_SECURITY_EXPANDED] = rules;
	} else if (form == 2) {
		parameters.attributes[FILE_SECURITY_REFERENCE] = rules;
		valid = true;
	} else {
		put_into_arr(fs, rules, &parameters);
		valid = true; /* filling is cut off */
	}
	CHECK(fs_create(fs, fs_mf(fs), &parameters, out) == 0);
	return valid;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes rest = bytes_of(data, len);
	struct rules_request request = { .ins = 0xB0, .environment = 1 };
	struct fs *fs = NULL;
	struct file *file = NULL;
	uint8_t form, mode, what;
	bool valid, allowed;

	if (len > INPUT_MAX || !bytes_take_u8(&rest, &form) || !bytes_take_u8(&rest, &mode) ||
	    !bytes_take_u8(&rest, &what) || rest.len == 0)
		return 0;
	CHECK(fs_new(MEMORY, &fs) == 0);
	request.mode = (enum rules_mode)(1u << mode % 7);
	valid = make(fs, form % 4, rest, &file);
	allowed = rules_allow(file, &request, &(struct rules_judge){ &what, proved, protects });
	CHECK(!allowed || valid);
	if (form % 4 == 0) {
		request.mode = RULES_NOT_BY_MODE;
		CHECK(
		    !rules_allow(file, &request, &(struct rules_judge){ &what, proved, protects }));
	}
	fs_free(fs);
	return 0;
}
